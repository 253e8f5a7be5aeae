/// §5.5.1.2 and §5.5.1.3: a fragment's type exists, and is an object, interface or union.
enum FragmentTypeConditions: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.definition.append { definition in
            guard case .fragment(let fragment) = definition else { return }
            check(fragment.typeCondition, "Fragment \"\(fragment.name.value.bounded)\"", context)
        }
        visitor.inlineFragment.append { fragment, _ in
            if let condition = fragment.typeCondition { check(condition, "Fragment", context) }
        }
    }

    private static func check(_ condition: Name, _ title: @autoclosure () -> String, _ context: ValidationContext) {
        let name = condition.value
        guard let type = context.schema.type(named: name), type.origin != .hidden else {
            context.report(
                "Unknown type \"\(name.bounded)\"."
                    + DidYouMean.text(
                        for: name,
                        among: context.schema.types.lazy.filter { $0.isComposite && !$0.isIntrospection }.map(\.name)),
                at: condition.offset)
            return
        }
        if !type.isComposite {
            context.report("\(title()) cannot condition on non composite type \"\(name)\".", at: condition.offset)
        }
    }
}
