/// What fields are compared by when they are merged (§5.3.2), as numbers: equal numbers mean equal things.
struct FieldIdentities {
    /// How many response keys there are.
    private(set) var keyCount = 0
    private var keys: [Int] = []
    private var signatures: [Int] = []
    private var shapes: [Int] = []

    init(_ scopes: SelectionScopes, _ schema: Schema) {
        var keyNumbers: [String: Int] = [:]
        var signatureNumbers: [String: Int] = [:]
        var shapeNumbers: [TypeReference: Int] = [:]
        for entry in scopes.entries {
            keys.append(Self.number(entry.field.responseKey, &keyNumbers))
            signatures.append(Self.number(Self.signature(entry.field), &signatureNumbers))
            let shape = entry.definition.map { Self.number(Self.shape($0.type, schema), &shapeNumbers) }
            shapes.append(shape ?? -1)
        }
        keyCount = keyNumbers.count
    }

    /// The response key.
    func key(_ entry: Int) -> Int { keys[entry] }
    /// The field's name and arguments.
    func signature(_ entry: Int) -> Int { signatures[entry] }
    /// The type with all composite types taken for the same; -1 for an unknown field.
    func shape(_ entry: Int) -> Int { shapes[entry] }

    private static func number<Key: Hashable>(_ key: Key, _ numbers: inout [Key: Int]) -> Int {
        if let known = numbers[key] { return known }
        let number = numbers.count
        numbers[key] = number
        return number
    }

    private static func shape(_ type: TypeReference, _ schema: Schema) -> TypeReference {
        switch type {
        case .nonNull(let wrapped): .nonNull(shape(wrapped, schema))
        case .list(let item): .list(shape(item, schema))
        case .named(let name): schema.type(named: name)?.isComposite == true ? .named("") : type
        }
    }

    /// The name and the arguments, neither of whose order counts.
    private static func signature(_ field: Field) -> String {
        guard !field.arguments.isEmpty else { return field.name.value }
        var text = field.name.value + "("
        for argument in field.arguments.sorted(by: { $0.name.value < $1.name.value }) {
            text += argument.name.value + ":"
            append(argument.value, to: &text)
            text += ","
        }
        return text
    }

    private static func append(_ value: Value, to text: inout String) {
        switch value.kind {
        case .list(let items):
            text += "["
            for item in items {
                append(item, to: &text)
                text += ","
            }
            text += "]"
        case .object(let fields):
            text += "{"
            for field in fields.sorted(by: { $0.name.value < $1.name.value }) {
                text += field.name.value + ":"
                append(field.value, to: &text)
                text += ","
            }
            text += "}"
        case .string(let string, _): text += Printer.quoted(string)
        case .variable, .int, .float, .boolean, .null, .enum: text += value.description
        }
    }
}
