/// §5.5.2.2: no fragment spreads itself, directly or through others. One depth-first search over all fragments, with a
/// stack of its own: chains may be as long as the document.
enum FragmentSpreadCycles: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            var search = CycleSearch(context: context)
            for fragment in context.fragments.indices where !context.isFull { search.run(from: fragment) }
        }
    }
}

private struct CycleSearch {
    private enum State {
        case unknown
        /// On the way to the fragment at hand, at this position.
        case onWay(Int)
        /// All of its spreads have been followed.
        case finished
    }

    let context: ValidationContext
    private var states: [State]
    /// The fragments on the way to the one at hand, each with the next of its spreads to follow.
    private var way: [(fragment: Int, next: Int)] = []

    init(context: ValidationContext) {
        self.context = context
        states = Array(repeating: .unknown, count: context.fragments.count)
    }

    mutating func run(from fragment: Int) {
        if case .unknown = states[fragment] { push(fragment) }
        while let (fragment, next) = way.last {
            let spreads = context.fragmentUses[fragment].spreads
            guard next < spreads.count else {
                way.removeLast()
                states[fragment] = .finished
                continue
            }
            way[way.count - 1].next += 1
            switch states[spreads[next].fragment] {
            case .unknown: push(spreads[next].fragment)
            case .onWay(let start): report(from: start)
            case .finished: break
            }
        }
    }

    private mutating func push(_ fragment: Int) {
        states[fragment] = .onWay(way.count)
        way.append((fragment, 0))
    }

    private func report(from start: Int) {
        let cycle = way[start...]
        let through = cycle.dropFirst().prefix(10).map { "\"\(name($0.fragment))\"" }
        let via = through.isEmpty ? "" : " via " + through.joined(separator: ", ")
        context.report(
            "Cannot spread fragment \"\(name(way[start].fragment))\" within itself\(via).",
            at: cycle.prefix(20).map { context.fragmentUses[$0.fragment].spreads[$0.next - 1].offset })
    }

    private func name(_ fragment: Int) -> String { context.fragments[fragment].name.value.bounded }
}
