/// §5.5.2.3: some object is of both types, that of the fragment and that of the place where it is spread.
enum FragmentSpreadIsPossible: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        let schema = context.schema
        // Whether types overlap takes time in the number of their members, so it is found out once.
        var known: [[ObjectIdentifier]: Bool] = [:]
        let overlap = { (first: NamedType, second: NamedType) in
            let key = [ObjectIdentifier(first), ObjectIdentifier(second)]
            if let answer = known[key] { return answer }
            let answer = schema.overlap(first, second)
            known[key] = answer
            return answer
        }
        let check = { (condition: Name, parent: NamedType?, title: String?, offset: UInt32) in
            guard let parent, let type = schema.type(named: condition.value), type.isComposite, type !== parent,
                !overlap(type, parent)
            else { return }
            context.report(
                "Fragment \(title.map { "\"\($0.bounded)\" " } ?? "")cannot be spread here as objects of type "
                    + "\"\(parent.name)\" can never be of type \"\(type.name)\".",
                at: offset)
        }
        visitor.spread.append { spread, fragment, parent in
            guard let fragment else { return }
            check(fragment.typeCondition, parent, fragment.name.value, spread.offset)
        }
        visitor.inlineFragment.append { fragment, parent in
            if let condition = fragment.typeCondition { check(condition, parent, nil, fragment.offset) }
        }
    }
}
