import TestSupport

/// A type as a random schema writes it.
indirect enum RandomType {
    case named(String)
    case list(RandomType)
    case nonNull(RandomType)

    var sdl: String {
        switch self {
        case .named(let name): name
        case .list(let item): "[\(item.sdl)]"
        case .nonNull(let type): "\(type.sdl)!"
        }
    }

    var name: String {
        switch self {
        case .named(let name): name
        case .list(let type), .nonNull(let type): type.name
        }
    }

    var isNonNull: Bool { if case .nonNull = self { true } else { false } }

    /// The type without its outermost `!`.
    var isList: Bool { if case .list = nullable { true } else { false } }
    var nullable: RandomType { if case .nonNull(let type) = self { type } else { self } }
}

/// A schema drawn at random, as SDL with and without the gateway's directives.
struct RandomSchema {
    struct Input {
        var name: String
        var type: RandomType
        var defaultValue: String?

        var sdl: String { "\(name): \(type.sdl)\(defaultValue.map { " = \($0)" } ?? "")" }
        var isRequired: Bool { type.isNonNull && defaultValue == nil }
    }

    struct Field {
        var name: String
        var type: RandomType
        var arguments: [Input] = []
        /// Members on the way to the value; nil = the field's name.
        var path: [String]?
    }

    /// How an abstract type is told apart: a path, and the types by JSON text; without them by their names.
    struct Kind {
        var path: [String]
        var map: [String: String]?
    }

    var enums: [String: [String]] = [:]
    var inputs: [String: [Input]] = [:]
    var interfaces: [String: [Field]] = [:]
    var objects: [String: [Field]] = [:]
    var implemented: [String: [String]] = [:]
    var unions: [String: [String]] = [:]
    var kinds: [String: Kind] = [:]

    static let scalars = ["Int", "Float", "String", "Boolean", "ID", "Any"]

    /// The object types that a value of a composite type may have.
    func possible(_ name: String) -> [String] {
        if objects[name] != nil { return [name] }
        if let members = unions[name] { return members }
        return implemented.filter { $0.value.contains(name) }.map(\.key).sorted()
    }

    func fields(of name: String) -> [Field] { objects[name] ?? interfaces[name] ?? [] }

    func isComposite(_ name: String) -> Bool {
        objects[name] != nil || interfaces[name] != nil || unions[name] != nil
    }

    // MARK: Texts

    /// - Parameter isMapped: whether the gateway's directives are in it.
    func sdl(isMapped: Bool) -> String {
        var text = "scalar Any\n"
        for (name, values) in enums.sorted(by: { $0.key < $1.key }) {
            text += "enum \(name) { \(values.joined(separator: " ")) }\n"
        }
        for (name, fields) in inputs.sorted(by: { $0.key < $1.key }) {
            text += "input \(name) { \(fields.map(\.sdl).joined(separator: " ")) }\n"
        }
        for (name, fields) in interfaces.sorted(by: { $0.key < $1.key }) {
            // Without paths: those of an interface's fields would be its implementers' too.
            text +=
                "interface \(name)\(kind(of: name, isMapped)) { \(fields.map(Self.plain).joined(separator: " ")) }\n"
        }
        for (name, members) in unions.sorted(by: { $0.key < $1.key }) {
            text += "union \(name)\(kind(of: name, isMapped)) = \(members.joined(separator: " | "))\n"
        }
        for (name, fields) in objects.sorted(by: { $0.key < $1.key }) {
            let interfaces = implemented[name] ?? []
            let list = interfaces.isEmpty ? "" : " implements \(interfaces.joined(separator: " & "))"
            let lines = fields.map { Self.plain($0) + (isMapped ? directive(name, $0) : "") }
            text += "type \(name)\(list) { \(lines.joined(separator: " ")) }\n"
        }
        return text
    }

    private static func plain(_ field: Field) -> String {
        let arguments = field.arguments.isEmpty ? "" : "(\(field.arguments.map(\.sdl).joined(separator: ", ")))"
        return "\(field.name)\(arguments): \(field.type.sdl)"
    }

    private func directive(_ type: String, _ field: Field) -> String {
        if type == "Query" || type == "Mutation" { return " @rest(route: \"\(field.name)\")" }
        return field.path.map { " @from(path: \"\($0.joined(separator: "."))\")" } ?? ""
    }

    private func kind(of name: String, _ isMapped: Bool) -> String {
        guard isMapped, let kind = kinds[name] else { return "" }
        let map = kind.map.map { map in
            let members = map.sorted { $0.key < $1.key }.map { "\($0.value): \($0.key)" }
            return ", map: {\(members.joined(separator: ", "))}"
        }
        return " @kind(path: \"\(kind.path.joined(separator: "."))\"\(map ?? ""))"
    }

    /// Paths by coordinate, for the reference.
    var paths: [String: [String]] {
        var paths: [String: [String]] = [:]
        for (type, fields) in objects {
            for field in fields { if let path = field.path { paths["\(type).\(field.name)"] = path } }
        }
        return paths
    }

    /// Kinds by type, for the reference.
    var kindsByType: [String: Any] {
        kinds.mapValues { kind in
            var members: [String: Any] = ["path": kind.path]
            members["map"] = kind.map
            return members
        }
    }
}

extension Seeded {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func isOne(in chances: Int) -> Bool { below(chances) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    // MARK: Schemas

    mutating func schema() -> RandomSchema {
        var schema = RandomSchema()
        for index in 0..<2 { schema.enums["E\(index)"] = (0...(1 + below(3))).map { "V\(index)\($0)" } }
        for index in 0..<3 {
            // Inputs nest only in those before them.
            schema.inputs["In\(index)"] = (0..<(1 + below(4))).map {
                input("i\($0)", nesting: (0..<index).map { "In\($0)" }, schema)
            }
        }
        for index in 0..<2 { schema.interfaces["I\(index)"] = [] }
        schema.unions = ["U0": ["T0", "T1"], "U1": ["T1", "T2", "T3"]]
        for index in 0..<2 { schema.interfaces["I\(index)"] = fields(prefix: "n\(index)", 2, schema) }
        for index in 0..<5 {
            let name = "T\(index)"
            schema.implemented[name] = ["I0", "I1"].filter { _ in isOne(in: 2) }
            schema.objects[name] = []
        }
        for name in ["I0", "I1"] where schema.possible(name).isEmpty { schema.implemented["T4"]?.append(name) }
        for index in 0..<5 {
            let name = "T\(index)"
            let inherited = (schema.implemented[name] ?? []).flatMap { schema.interfaces[$0] ?? [] }
            let own = fields(prefix: "f", 4, schema).map { field in
                guard isOne(in: 4) else { return field }
                var field = field
                field.path = (0...below(2)).map { _ in "p\(below(6))" }
                return field
            }
            schema.objects[name] = inherited + own
        }
        for name in ["I1", "U1"] {
            var map: [String: String] = [:]
            for (index, type) in schema.possible(name).enumerated() {
                map[isOne(in: 2) ? "\"kind-\(index)\"" : "\(index)"] = type
            }
            schema.kinds[name] =
                isOne(in: 3)
                ? RandomSchema.Kind(path: ["kind"], map: nil) : RandomSchema.Kind(path: ["meta", "kind"], map: map)
        }
        schema.objects["Query"] = roots("q", 6, schema)
        schema.objects["Mutation"] = roots("m", 3, schema)
        return schema
    }

    private mutating func roots(_ prefix: String, _ count: Int, _ schema: RandomSchema) -> [RandomSchema.Field] {
        (0..<count).map { index in
            RandomSchema.Field(
                name: "\(prefix)\(index)", type: outputType(schema, composite: index < 4 || isOne(in: 2)),
                arguments: (0..<below(4)).map { input("a\($0)", nesting: ["In0", "In1", "In2"], schema) })
        }
    }

    private mutating func fields(prefix: String, _ count: Int, _ schema: RandomSchema) -> [RandomSchema.Field] {
        (0..<count).map { index in
            let arguments = isOne(in: 6) ? [input("a0", nesting: [], schema)] : []
            return RandomSchema.Field(
                name: "\(prefix)\(index)", type: outputType(schema, composite: isOne(in: 3)), arguments: arguments)
        }
    }

    private mutating func outputType(_ schema: RandomSchema, composite: Bool) -> RandomType {
        let name =
            composite
            ? pick(["T0", "T1", "T2", "T3", "T4", "I0", "I1", "U0", "U1"])
            : pick(RandomSchema.scalars + schema.enums.keys.sorted())
        return wrapped(.named(name))
    }

    private mutating func wrapped(_ type: RandomType) -> RandomType {
        var type = type
        for _ in 0..<2 {
            if isOne(in: 4), !type.isNonNull { type = .nonNull(type) }
            if isOne(in: 4) { type = .list(type) }
        }
        if isOne(in: 5), !type.isNonNull { type = .nonNull(type) }
        return type
    }

    private mutating func input(_ name: String, nesting: [String], _ schema: RandomSchema) -> RandomSchema.Input {
        let names = RandomSchema.scalars + schema.enums.keys.sorted() + nesting
        let type = wrapped(.named(pick(names)))
        // The reference can't print what a custom scalar has for a default.
        let hasDefault = isOne(in: 3) && type.name != "Any" && !nesting.contains(type.name)
        return RandomSchema.Input(
            name: name, type: type, defaultValue: hasDefault ? literal(type, schema, faults: nil) : nil)
    }
}
