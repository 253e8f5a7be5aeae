internal import GraphQL
internal import JSON

extension AbstractSelection {
    /// How a value of an interface or union at `node` is completed.
    /// - Parameter selection: gives what is selected of one of the object types that the value can be.
    convenience init<Failure: Error>(
        _ type: NamedType, at node: ShapeBuilder.Node, in mapping: MappedSchema,
        _ selection: (NamedType) throws(Failure) -> ObjectSelection
    ) throws(Failure) {
        let kind = mapping.kind(of: type.name) ?? KindMapping(path: JSONPath(steps: [.member("__typename")]), map: nil)
        let kindPath = node.steps(along: kind.path).steps
        var selections: [ObjectSelection] = []
        var kinds: [(KindValue, Int)] = []
        for member in mapping.schema.possibleTypes(of: type) {
            let values = kind.map.map { $0[member.name] ?? [] } ?? [.string(member.name)]
            guard !values.isEmpty else { continue }
            kinds += values.map { ($0, selections.count) }
            selections.append(try selection(member))
        }
        self.init(typeName: type.name, kindPath: kindPath, selections: selections, kinds: kinds)
    }
}
