// What must not contain itself: input objects, default values, directives. Graphs may be as large as a file allows, so
// nothing here recurses over types.

extension SchemaValidator {
    /// An input object that must hold itself has no finite value (GraphQL §3.10 "Circular References").
    mutating func checkInputObjectCycles() {
        var graph = ReferenceGraph()
        for type in schema.types where type.kind == .inputObject {
            for field in type.inputFields {
                // Only a Non-Null field that is no list needs a value of its own.
                guard case .nonNull(.named(let name)) = field.type else { continue }
                graph.add(from: type.name, to: name, through: field.name, at: field.position)
            }
        }
        for cycle in graph.cycles() {
            guard let first = cycle.first else { continue }
            let path = cycle.map(\.label).joined(separator: ".")
            report(
                "Cannot reference Input Object \"\(first.origin)\" within itself through a series of non-null "
                    + "fields: \"\(path)\".", at: first.position, coordinate: "\(first.origin).\(first.label)")
        }
    }

    /// A default value that leaves out a field takes that field's default, and so on; it must come to an end
    /// (§3.10 "Type Validation", InputFieldDefaultValueHasCycle).
    mutating func checkDefaultValueCycles() {
        var graph = ReferenceGraph()
        for type in schema.types where type.kind == .inputObject {
            for field in type.inputFields {
                guard let value = field.defaultValue else { continue }
                addDefaults(takenBy: value, field.type, of: field, to: &graph)
            }
        }
        for cycle in graph.cycles() {
            guard let first = cycle.first else { continue }
            let path = cycle.map { "\"\($0.target)\"" }.joined(separator: ", ")
            report(
                "Invalid circular reference. The default value of Input Object field \(first.origin) references "
                    + "itself through the default values of \(path).", at: first.position, coordinate: first.origin)
        }
    }

    /// The input fields whose defaults fill the gaps of a literal. Recurses over the literal, whose depth is bounded.
    private func addDefaults(
        takenBy value: Value, _ type: TypeReference, of origin: SchemaInputValue, to graph: inout ReferenceGraph
    ) {
        if let items = value.listValue, let itemType = type.itemType {
            for item in items { addDefaults(takenBy: item, itemType, of: origin, to: &graph) }
            return
        }
        guard let given = value.objectFields, let named = schema.type(of: type), named.kind == .inputObject else {
            return
        }
        for field in named.inputFields {
            if let member = given.first(where: { $0.name.value == field.name }) {
                addDefaults(takenBy: member.value, field.type, of: origin, to: &graph)
            } else if field.defaultValue != nil {
                graph.add(
                    from: origin.coordinate, to: field.coordinate, through: field.name, at: origin.position)
            }
        }
    }

    /// A directive must not stand on its own arguments, nor within the types of them (§3.13 "Type Validation").
    mutating func checkDirectiveCycles() {
        for directive in schema.directives where directive.origin != .specification {
            var seen: Set<String> = []
            var pending = directive.arguments.flatMap(references)
            while let reference = pending.popLast() {
                guard seen.insert(reference).inserted else { continue }
                if reference == "@\(directive.name)" {
                    report(
                        "Directive \"@\(directive.name)\" cannot reference itself.", at: directive.position,
                        coordinate: reference)
                    break
                }
                if reference.utf8.first == UInt8(ascii: "@") {
                    pending += schema.directives[String(reference.dropFirst())]?.arguments.flatMap(references) ?? []
                } else if let type = schema.types[reference] {
                    pending += names(type.appliedDirectives) + type.inputFields.flatMap(references)
                    pending += type.values.flatMap { names($0.appliedDirectives) }
                }
            }
        }
    }

    /// The type and the directives of an argument or input field, the latter with their `@`.
    private func references(of input: SchemaInputValue) -> [String] {
        names(input.appliedDirectives) + [input.type.namedType]
    }

    private func names(_ applied: [AppliedDirective]) -> [String] { applied.map { "@\($0.name)" } }
}

/// A directed graph of names, whose cycles are wanted.
struct ReferenceGraph {
    struct Edge {
        let origin: String
        let target: String
        let label: String
        let position: SourcePosition
    }

    private var nodes: [String] = []
    private var edges: [String: [Edge]] = [:]

    mutating func add(from origin: String, to target: String, through label: String, at position: SourcePosition) {
        if edges[origin] == nil { nodes.append(origin) }
        edges[origin, default: []].append(
            Edge(origin: origin, target: target, label: label, position: position))
    }

    /// One cycle for each edge that closes one in a depth-first search: without these edges there is none. Keeps a
    /// stack of its own, and follows each edge once.
    func cycles() -> [[Edge]] {
        var search = CycleSearch(edges: edges)
        for node in nodes { search.run(from: node) }
        return search.cycles
    }
}

/// A depth-first search for cycles.
private struct CycleSearch {
    private enum State {
        /// On the way to the node at hand, at this position.
        case onWay(Int)
        /// All of its edges have been followed.
        case finished
    }

    /// Longer cycles are told by their beginning.
    private static let longestCycle = 100

    let edges: [String: [ReferenceGraph.Edge]]
    private(set) var cycles: [[ReferenceGraph.Edge]] = []
    private var states: [String: State] = [:]
    /// The nodes on the way to the one at hand, each with the next of its edges to follow.
    private var way: [(node: String, next: Int)] = []

    init(edges: [String: [ReferenceGraph.Edge]]) { self.edges = edges }

    mutating func run(from node: String) {
        if states[node] == nil { push(node) }
        while let (node, next) = way.last {
            guard let edges = edges[node], next < edges.count else {
                way.removeLast()
                states[node] = .finished
                continue
            }
            way[way.count - 1].next += 1
            switch states[edges[next].target] {
            case nil: push(edges[next].target)
            case .onWay(let start): note(from: start)
            case .finished: break
            }
        }
    }

    private mutating func push(_ node: String) {
        states[node] = .onWay(way.count)
        way.append((node, 0))
    }

    private mutating func note(from start: Int) {
        cycles.append(
            way[start...].prefix(Self.longestCycle).compactMap { step in edges[step.node]?[step.next - 1] })
    }
}
