/// A field's occurrence in the document, and the type of the selection set that it was written in.
public struct CollectedField: Sendable {
    /// The field.
    public let field: Field
    /// The innermost type condition around it, or else the type of the position: what the field was selected on, which
    /// can be an abstract type though the object is known.
    public let enclosingType: String
}

/// The occurrences of one response key, to be merged into one field of the answer.
public struct CollectedFieldGroup: Sendable {
    /// The response key.
    public let responseKey: String
    /// At least one occurrence, in order.
    public fileprivate(set) var fields: [CollectedField]
}

/// Collects the fields that apply to an object (GraphQL §6.3.2, CollectFields and CollectSubfields).
///
/// Fragment spreads are followed once for each call. Recursion is as deep as selection sets and spreads nest in the
/// document, which must have been validated: a cycle of fragments ends, since none is followed twice.
public struct FieldCollector {
    private let schema: Schema
    private let fragments: [String: FragmentDefinition]
    private let isTrue: (String) -> Bool
    /// Selections looked at so far, by all calls together.
    public private(set) var steps = 0

    private var groups: [CollectedFieldGroup] = []
    private var indices: [String: Int] = [:]
    private var visited: Set<String> = []

    /// - Parameters:
    ///   - fragments: the document's fragments by name.
    ///   - isTrue: the value of a Boolean variable, for `@skip` and `@include`.
    public init(
        schema: Schema, fragments: [String: FragmentDefinition], isTrue: @escaping (String) -> Bool
    ) {
        self.schema = schema
        self.fragments = fragments
        self.isTrue = isTrue
    }

    /// The fields of an object, in order of the first occurrence of their response keys.
    ///
    /// - Parameters:
    ///   - objectType: the object's type.
    ///   - sets: the selection sets to merge, with the type of the position that each was written for.
    public mutating func collect(
        for objectType: NamedType, from sets: [(set: SelectionSet, enclosingType: String)]
    ) -> [CollectedFieldGroup] {
        groups = []
        indices = [:]
        visited = []
        for (set, enclosingType) in sets { visit(set, objectType, enclosingType) }
        return groups
    }

    /// For each field below `set` its rank in the order in which it is selected: depth first, a fragment where it is
    /// spread first. Takes time linear in the document.
    public func ranks(below set: SelectionSet) -> [ObjectIdentifier: Int] {
        var ranks: [ObjectIdentifier: Int] = [:]
        var spreads: Set<String> = []
        rank(set, &ranks, &spreads)
        return ranks
    }

    private func rank(_ set: SelectionSet, _ ranks: inout [ObjectIdentifier: Int], _ spreads: inout Set<String>) {
        for selection in set.selections where isIncluded(selection.directives) {
            switch selection {
            case .field(let field):
                let next = ranks.count
                ranks[ObjectIdentifier(field)] = next
                if let below = field.selectionSet { rank(below, &ranks, &spreads) }
            case .inlineFragment(let fragment): rank(fragment.selectionSet, &ranks, &spreads)
            case .fragmentSpread(let spread):
                guard spreads.insert(spread.name.value).inserted, let fragment = fragments[spread.name.value] else {
                    continue
                }
                rank(fragment.selectionSet, &ranks, &spreads)
            }
        }
    }

    private mutating func visit(_ set: SelectionSet, _ objectType: NamedType, _ enclosingType: String) {
        for selection in set.selections {
            steps += 1
            guard isIncluded(selection.directives) else { continue }
            switch selection {
            case .field(let field):
                add(CollectedField(field: field, enclosingType: enclosingType))
            case .inlineFragment(let fragment):
                let condition = fragment.typeCondition?.value
                guard condition.map({ schema.isSubType(objectType.name, of: $0) }) ?? true else { continue }
                visit(fragment.selectionSet, objectType, condition ?? enclosingType)
            case .fragmentSpread(let spread):
                guard visited.insert(spread.name.value).inserted, let fragment = fragments[spread.name.value],
                    schema.isSubType(objectType.name, of: fragment.typeCondition.value)
                else { continue }
                visit(fragment.selectionSet, objectType, fragment.typeCondition.value)
            }
        }
    }

    private mutating func add(_ field: CollectedField) {
        let key = field.field.responseKey
        if let index = indices[key] {
            groups[index].fields.append(field)
        } else {
            indices[key] = groups.count
            groups.append(CollectedFieldGroup(responseKey: key, fields: [field]))
        }
    }

    /// §3.13.1 and §3.13.2: skipped if `@skip(if: true)` or `@include(if: false)`.
    private func isIncluded(_ directives: [Directive]) -> Bool {
        for directive in directives {
            guard directive.name.value == "skip" || directive.name.value == "include",
                let value = directive.argument(named: "if")?.value
            else { continue }
            let flag = value.booleanValue ?? value.variableName.map(isTrue) ?? false
            if flag == (directive.name.value == "skip") { return false }
        }
        return true
    }
}
