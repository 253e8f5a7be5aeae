internal import GraphQL

/// A type that an import writes.
struct ImportedType {
    /// What it is, with what only that kind has.
    enum Kind {
        case object(fields: [ImportedField])
        case interface(fields: [ImportedField], kind: ImportedKind)
        case union(members: [String], kind: ImportedKind)
        case `enum`(values: [String])
        case input(fields: [ImportedInput])
        case scalar
    }

    var name: String
    var description: String?
    var kind: Kind
    /// The interfaces that an object implements.
    var interfaces: [String] = []
}

/// How the objects of an abstract type tell their type: `@kind`.
struct ImportedKind {
    /// The member that tells it.
    var path: String
    /// The member's values, by type.
    var values: [(type: String, values: [String])]
}

/// A field of an object or interface.
struct ImportedField {
    var name: String
    var description: String?
    var arguments: [ImportedInput] = []
    var type: TypeReference
    /// The member of the JSON that it reads, where its name is another.
    var member: String?
    /// The route that it calls.
    var route: String?
    var isDeprecated = false
}

/// An argument, or a field of an input object.
struct ImportedInput {
    var name: String
    var description: String?
    var type: TypeReference
    /// A literal.
    var defaultValue: String?
    var isDeprecated = false
}

/// A route that an import writes.
struct ImportedRoute {
    /// What is sent.
    enum Body {
        /// An argument as it is.
        case argument(String)
        /// An object with the members of an argument under other names.
        case members(of: String, [(member: String, field: String)])
    }

    var name: String
    var method: String
    /// Path and query, with variables.
    var target: String
    /// Fields that are set, with templates of their values.
    var headers: [(name: String, value: String)] = []
    var body: Body?
}
