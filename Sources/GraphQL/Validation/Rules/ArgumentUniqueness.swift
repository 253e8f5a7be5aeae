/// §5.4.2: an argument is given once.
enum ArgumentUniqueness: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.arguments.append { list in
            guard list.arguments.count > 1 else { return }
            var seen: [String: UInt32] = [:]
            for argument in list.arguments {
                let name = argument.name.value
                if let first = seen[name] {
                    context.report(
                        "There can be only one argument named \"\(name.bounded)\".", at: first, argument.offset)
                } else {
                    seen[name] = argument.offset
                }
            }
        }
    }
}
