public import GraphQL

/// What REST doors answer, for whoever describes them.
extension MappedSchema {
    /// A field that a shaped door answers.
    public struct AnsweredField: Sendable {
        /// The field.
        public let field: SchemaField
        /// How many items its outermost list keeps; nil = all.
        public let cap: Int?
    }

    /// The fields that a shaped door answers of an object type to a profile: those that are read from the parent's JSON,
    /// without what the profile leaves out.
    public func shapedFields(of type: NamedType, for profile: Profile) -> [AnsweredField] {
        type.fields.compactMap { field in
            guard let mapped = self.field(field.name, on: type.name), case .path = mapped.mapping(for: profile) else {
                return nil
            }
            return AnsweredField(field: field, cap: mapped.cap(for: profile))
        }
    }

    /// Whether a route's answer as a whole is a list, as the fields say that take it whole; nil where none does, or they
    /// differ.
    /// - Parameter route: the route's index.
    public func answersList(ofRoute route: Int) -> Bool? {
        var answers: Set<Bool> = []
        for type in schema.types where type.kind == .object {
            for field in type.fields {
                guard
                    case .rest(let rest)? = self.field(field.name, on: type.name)?.mapping(for: profiles.defaultProfile),
                    rest.route == route, rest.at.steps.isEmpty
                else { continue }
                answers.insert(rest.batch != nil || field.type.isList)
            }
        }
        return answers.count == 1 ? answers.first : nil
    }
}
