/// §5.5.2.2: no fragment spreads itself, directly or through others. One depth-first search over all fragments, with a
/// stack of its own: chains may be as long as the document.
enum FragmentSpreadCycles: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            var search = CycleSearch(context: context)
            for fragment in context.document.fragments where !context.isFull { search.run(from: fragment.name.value) }
        }
    }
}

private struct CycleSearch {
    let context: ValidationContext
    /// Fragments whose spreads have all been followed.
    private var finished: Set<String> = []
    /// The fragments on the way to the one at hand, each with the next of its spreads to follow.
    private var way: [(name: String, use: DefinitionUse, next: Int)] = []
    private var positions: [String: Int] = [:]

    init(context: ValidationContext) { self.context = context }

    mutating func run(from name: String) {
        push(name)
        while let last = way.last {
            guard last.next < last.use.spreads.count else {
                way.removeLast()
                positions[last.name] = nil
                finished.insert(last.name)
                continue
            }
            way[way.count - 1].next += 1
            let target = last.use.spreads[last.next].name.value
            if let start = positions[target] { report(from: start) } else { push(target) }
        }
    }

    private mutating func push(_ name: String) {
        guard !finished.contains(name), let use = context.fragmentUses[name] else { return }
        positions[name] = way.count
        way.append((name, use, 0))
    }

    private func report(from start: Int) {
        let cycle = way[start...]
        let through = cycle.dropFirst().prefix(10).map { "\"\($0.name.bounded)\"" }
        let via = through.isEmpty ? "" : " via " + through.joined(separator: ", ")
        context.report(
            "Cannot spread fragment \"\(way[start].name.bounded)\" within itself\(via).",
            at: cycle.prefix(20).map { $0.use.spreads[$0.next - 1].offset })
    }
}
