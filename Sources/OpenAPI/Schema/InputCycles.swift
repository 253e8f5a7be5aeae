internal import GraphQL

/// An input object that can't do without itself could never be given, and is no valid schema (GraphQL §3.10): such a
/// circle is opened where it closes.
enum InputCycles {
    /// The types, with fields made nullable where a circle of Non-Null fields closes.
    static func broken(_ types: [ImportedType]) -> [ImportedType] {
        var types = types
        let places = Dictionary(types.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var states = [State](repeating: .unseen, count: types.count)
        for start in types.indices where states[start] == .unseen {
            var path: [(type: Int, field: Int)] = [(start, 0)]
            states[start] = .open
            while let (type, field) = path.last {
                guard case .input(var fields) = types[type].kind, field < fields.count else {
                    states[type] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].field += 1
                guard case .nonNull(.named(let name)) = fields[field].type, let next = places[name] else { continue }
                if states[next] == .open {
                    fields[field].type = .named(name)
                    types[type].kind = .input(fields: fields)
                } else if states[next] == .unseen {
                    states[next] = .open
                    path.append((next, 0))
                }
            }
        }
        return types
    }

    private enum State { case unseen, open, done }
}
