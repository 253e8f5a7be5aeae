public import GraphQL

/// An operation's cost as a closed form of its variables: sums, maxima and products whose constant parts are already
/// computed. Sums and products stop at `Int.max`.
public struct OperationCost: Sendable, Hashable {
    /// In order: each reads only those before it.
    let terms: [Term]
    let result: Operand

    /// A part of a term.
    enum Operand: Sendable, Hashable {
        case constant(Int)
        /// The term of that index.
        case term(Int)
    }

    /// A part of the cost that depends on variables.
    enum Term: Sendable, Hashable {
        case sum(constant: Int, [Int])
        /// Of alternatives, the most expensive.
        case maximum([Operand])
        /// A list field: its weight, and its selection for each item.
        case list(weight: Int, [Size], items: Operand)
    }

    /// The number of a list's items, where it may be a variable's value.
    struct Size: Sendable, Hashable {
        let size: ListSize
        /// The argument's variable; nil: the number is `size.items(argument)`.
        let variable: String?
        /// The argument's value where it is no variable, or the variable has no value (GraphQL §6.4.1).
        let argument: Int?

        func items(_ variables: CoercedVariables) -> Int {
            guard let variable, let value = variables[variable] else { return size.items(argument) }
            guard case .int(let given) = value else { return size.items(nil) }
            return size.items(given)
        }
    }

    init(terms: [Term] = [], result: Operand = .constant(0)) {
        self.terms = terms
        self.result = result
    }

    /// The cost, where it is the same for every request.
    public var constant: Int? { if case .constant(let value) = result { value } else { nil } }

    /// The variables that it depends on, in no order.
    public var variables: Set<String> {
        var names: Set<String> = []
        for case .list(_, let sizes, _) in terms { names.formUnion(sizes.compactMap(\.variable)) }
        return names
    }

    /// The cost of a request with these variables. Takes time linear in the terms.
    public func value(_ variables: CoercedVariables) -> Int {
        if case .constant(let value) = result { return value }
        var values: [Int] = []
        values.reserveCapacity(terms.count)
        for term in terms { values.append(Self.value(of: term, values, variables)) }
        return Self.value(of: result, values)
    }

    private static func value(of term: Term, _ values: [Int], _ variables: CoercedVariables) -> Int {
        switch term {
        case .sum(let constant, let parts): parts.reduce(constant) { $0.addingSaturating(values[$1]) }
        case .maximum(let alternatives): alternatives.reduce(0) { max($0, value(of: $1, values)) }
        case .list(let weight, let sizes, let items):
            sizes.reduce(0) { max($0, $1.items(variables)) }.multiplyingSaturating(value(of: items, values))
                .addingSaturating(weight)
        }
    }

    private static func value(of operand: Operand, _ values: [Int]) -> Int {
        switch operand {
        case .constant(let value): value
        case .term(let index): values[index]
        }
    }
}
