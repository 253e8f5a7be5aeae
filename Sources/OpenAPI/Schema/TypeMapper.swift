internal import Configuration
internal import GraphQL

/// Makes GraphQL types of schemas. A type is named when something first asks for it and written later, from a queue:
/// so types may refer to each other and to themselves, and nothing recurses as deep as a document wants.
///
/// Answers and requests have types of their own: an output type leaves out what is `writeOnly`, an input type what is
/// `readOnly`, and GraphQL lets no type be both.
final class TypeMapper {
    /// Lists within each other.
    static let maximumListDepth = 6

    let reader: SchemaReader
    var document: OpenAPIDocument { reader.document }
    /// What has been written so far, in the order in which it was asked for.
    private(set) var types: [ImportedType] = []
    private var names: UniqueNames
    private var named: [Use: [ObjectIdentifier: String]] = [:]
    private var enums: [EnumKey: String] = [:]
    private var enumsByNode: [ObjectIdentifier: String] = [:]
    private var pending: [Pending] = []
    /// Schemas that can't be abstract types.
    private var refused: Set<ObjectIdentifier> = []
    private var scalars: Set<String> = []
    /// Abstract types for whose members allOf is said, in order.
    var families: [Family] = []
    /// The schemas that name another in their `allOf`, by that other.
    private(set) lazy var children = readChildren()

    private enum Use { case output, input }

    private struct EnumKey: Hashable {
        let name: String
        let values: [String]
    }

    private enum Pending {
        case object(YAMLNode, name: String)
        case input(YAMLNode, name: String, renames: Bool)
    }

    init(_ reader: SchemaReader) {
        self.reader = reader
        names = UniqueNames(taken: Names.reserved)
    }

    // MARK: Names

    /// The name of a schema's type, once for all uses of one kind.
    private func name(_ node: YAMLNode, for use: Use, hint: String, make: (String) -> Void) -> String {
        let key = ObjectIdentifier(node)
        if let known = named[use]?[key] { return known }
        var wanted = document.schemaNames[key].map { Names.type($0) } ?? hint
        if use == .input, !wanted.hasSuffix("Input") { wanted += "Input" }
        let name = names.claim(wanted)
        named[use, default: [:]][key] = name
        make(name)
        return name
    }

    func objectName(of node: YAMLNode, hint: String) -> String {
        name(node, for: .output, hint: hint) { pending.append(.object(node, name: $0)) }
    }

    func inputName(of node: YAMLNode, hint: String) -> String {
        name(node, for: .input, hint: hint) { pending.append(.input(node, name: $0, renames: false)) }
    }

    /// An input type whose fields may be called otherwise than the members, for one use only.
    func renamedInputName(of node: YAMLNode, hint: String) -> String {
        let name = names.claim(hint)
        pending.append(.input(node, name: name, renames: true))
        return name
    }

    /// The name of a schema's type in answers where it has one; a nil in it where it can't be an abstract type.
    func knownType(of node: YAMLNode) -> String?? {
        let key = ObjectIdentifier(node)
        return refused.contains(key) ? .some(nil) : named[.output]?[key].map { .some($0) } ?? nil
    }

    /// Remembers that a schema can't be an abstract type.
    func refuse<Name>(_ node: YAMLNode) -> Name? {
        refused.insert(ObjectIdentifier(node))
        return nil
    }

    /// The name of a union or interface, whose type `make` gives.
    func abstractName(of node: YAMLNode, hint: String, make: (String) -> ImportedType?) -> String {
        name(node, for: .output, hint: hint) { name in
            if let type = make(name) { types.append(type) }
        }
    }

    /// The name of an enum: one for each schema, and for unnamed ones that would be called alike and have the same values.
    func enumName(of node: YAMLNode, values: [String], hint: String) -> String {
        let place = ObjectIdentifier(node)
        if let known = enumsByNode[place] { return known }
        let wanted = document.schemaNames[place].map { Names.type($0) } ?? hint
        let key = EnumKey(name: wanted, values: values)
        let name = enums[key] ?? names.claim(wanted)
        enumsByNode[place] = name
        if enums.updateValue(name, forKey: key) == nil {
            let description = document.schemaNames[place] == nil ? nil : description(of: node)
            types.append(ImportedType(name: name, description: description, kind: .enum(values: values)))
        }
        return name
    }

    /// The custom scalar of that name, written the first time that it is asked for.
    func scalar(_ name: String) -> TypeReference {
        if scalars.insert(name).inserted {
            let description =
                name == "Int64"
                ? "A whole number of up to 64 bits; Int has 32." : "Any JSON value, as the service gives it."
            types.append(ImportedType(name: name, description: description, kind: .scalar))
        }
        return .named(name)
    }

    /// What a type within another is called, the same in requests and in answers.
    static func hint(_ parent: String, _ member: String) -> String {
        if parent.utf8.count > 100 { return Names.type(member) }
        return (parent.hasSuffix("Input") ? String(parent.dropLast(5)) : parent) + Names.type(member)
    }

    // MARK: Writing

    /// Writes every type that was asked for.
    func finish() {
        var next = 0
        while next < pending.count, !reader.isExhausted {
            switch pending[next] {
            case .object(let node, let name):
                let fields = outputFields(of: node, in: name)
                types.append(
                    ImportedType(name: name, description: description(of: node), kind: .object(fields: fields)))
            case .input(let node, let name, let renames):
                let fields = inputFields(of: node, in: name, renames: renames)
                types.append(ImportedType(name: name, description: description(of: node), kind: .input(fields: fields)))
            }
            next += 1
        }
        pending = []
        types = InterfaceFields.fill(types, families)
        types = InputCycles.broken(types)
    }

    /// What is said of a schema itself, or of an unnamed one that it stands for.
    func description(of node: YAMLNode) -> String? {
        if let own = node["description"]?.characters { return own }
        let identity = reader.identity(of: node)
        let isSelf = identity === node
        if !isSelf, document.schemaNames[ObjectIdentifier(identity)] != nil { return nil }
        if let said = identity["description"]?.characters { return said }
        let parts = identity["allOf"]?.items?.filter { $0["$ref"] == nil } ?? []
        return parts.lazy.compactMap { $0["description"]?.characters }.first
    }

    private func readChildren() -> [ObjectIdentifier: [YAMLNode]] {
        var children: [ObjectIdentifier: [YAMLNode]] = [:]
        for schema in document.schemas {
            for part in schema.value["allOf"]?.items ?? [] where part["$ref"] != nil {
                let parent = reader.identity(of: part)
                if parent !== schema.value { children[ObjectIdentifier(parent), default: []].append(schema.value) }
            }
        }
        return children
    }
}
