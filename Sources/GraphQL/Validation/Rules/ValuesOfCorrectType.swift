/// §5.6.1, §5.6.2 and §5.6.4: literals fit the types expected of them, input objects have only fields that their type
/// defines, and all that it requires.
enum ValuesOfCorrectType: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.value.append { value, type in
            guard let type else { return }
            let limit = Validator.maximumErrors + 1
            for problem in context.schema.problems(of: value, expecting: type, atMost: limit) {
                let hint = DidYouMean.text(problem.suggestion.map { [$0] } ?? [])
                context.report(problem.message.bounded(to: 300) + hint, at: problem.offset)
            }
        }
    }
}
