/// §5.6.3: a field of an input object is given once.
enum InputObjectFieldUniqueness: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.value.append { value, _ in check(value, context) }
    }

    private static func check(_ value: Value, _ context: ValidationContext) {
        switch value.kind {
        case .list(let items):
            for item in items { check(item, context) }
        case .object(let fields):
            var seen: [String: UInt32] = [:]
            for field in fields {
                let name = field.name.value
                if let first = seen[name] {
                    context.report(
                        "There can be only one input field named \"\(name.bounded)\".", at: first, field.offset)
                } else {
                    seen[name] = field.offset
                }
                check(field.value, context)
            }
        case .variable, .int, .float, .string, .boolean, .null, .enum: break
        }
    }
}
