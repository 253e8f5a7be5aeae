public import GraphQL

/// An operation of a validated document, and what is known of it before it is planned.
public final class OperationEntry: Sendable {
    /// The document that the operation stands in.
    public let document: Document
    /// The operation.
    public let operation: OperationDefinition
    /// Names of the variables that `@skip` and `@include` read, in order of first use. A plan is made for their
    /// values; `Conditions` holds these, in this order.
    public let conditionVariables: [String]
    /// The document's fragments by name.
    let fragments: [String: FragmentDefinition]

    /// Looks through the operation and the fragments that it spreads, each once. `document` has been validated.
    public convenience init(document: Document, operation: OperationDefinition) {
        self.init(document: document, operation: operation, fragments: Self.fragments(of: document))
    }

    /// An entry for each operation of a validated document, in order. They share the table of fragments: a document can
    /// have many of both.
    static func entries(of document: Document) -> [OperationEntry] {
        let fragments = fragments(of: document)
        return document.operations.map {
            OperationEntry(document: document, operation: $0, fragments: fragments)
        }
    }

    private static func fragments(of document: Document) -> [String: FragmentDefinition] {
        Dictionary(document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private init(document: Document, operation: OperationDefinition, fragments: [String: FragmentDefinition]) {
        self.document = document
        self.operation = operation
        self.fragments = fragments
        var finder = ConditionFinder(fragments: fragments)
        finder.visit(operation.selectionSet)
        conditionVariables = finder.names
    }

    /// Whether a selection with these directives counts (§3.13.1 and §3.13.2): skipped if `@skip(if: true)` or
    /// `@include(if: false)`.
    func includes(_ directives: [Directive], under conditions: Conditions) -> Bool {
        for directive in directives {
            guard directive.name.value == "skip" || directive.name.value == "include",
                let value = directive.argument(named: "if")?.value
            else { continue }
            let index = value.variableName.flatMap { conditionVariables.firstIndex(of: $0) }
            let flag = value.booleanValue ?? index.map { conditions[$0] } ?? false
            if flag == (directive.name.value == "skip") { return false }
        }
        return true
    }
}

/// The values of an operation's condition variables, one bit each. The default is all false.
public struct Conditions: Sendable, Hashable {
    /// How many condition variables an operation may have.
    public static let maximumCount = 64

    /// The values; bit n for the n-th of `OperationEntry.conditionVariables`.
    public var bits: UInt64

    /// Conditions from their bits.
    public init(bits: UInt64 = 0) { self.bits = bits }

    /// The value of the n-th condition variable. Indices from `maximumCount` on are false and can't be set.
    public subscript(index: Int) -> Bool {
        get { index < Self.maximumCount && bits & (1 << UInt64(index)) != 0 }
        set {
            guard index >= 0, index < Self.maximumCount else { return }
            if newValue { bits |= 1 << UInt64(index) } else { bits &= ~(1 << UInt64(index)) }
        }
    }
}

/// Collects the variables in `@skip` and `@include`, with a list of its own instead of recursion over fragments.
private struct ConditionFinder {
    let fragments: [String: FragmentDefinition]
    var names: [String] = []
    private var seen: Set<String> = []
    private var visited: Set<String> = []

    init(fragments: [String: FragmentDefinition]) { self.fragments = fragments }

    mutating func visit(_ root: SelectionSet) {
        var pending = [root]
        while let set = pending.popLast() {
            var inner: [SelectionSet] = []
            for selection in set.selections {
                note(selection.directives)
                switch selection {
                case .field(let field):
                    if let selectionSet = field.selectionSet { inner.append(selectionSet) }
                case .inlineFragment(let fragment):
                    inner.append(fragment.selectionSet)
                case .fragmentSpread(let spread):
                    guard visited.insert(spread.name.value).inserted, let fragment = fragments[spread.name.value]
                    else { continue }
                    inner.append(fragment.selectionSet)
                }
            }
            pending += inner.reversed()
        }
    }

    private mutating func note(_ directives: [Directive]) {
        for directive in directives where directive.name.value == "skip" || directive.name.value == "include" {
            guard let name = directive.argument(named: "if")?.value.variableName, seen.insert(name).inserted
            else { continue }
            names.append(name)
        }
    }
}
