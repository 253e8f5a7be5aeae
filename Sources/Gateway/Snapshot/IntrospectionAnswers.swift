internal import GraphQL
internal import Planning
internal import Synchronization

/// Answers introspection from a schema, and keeps its last answers: tools send the same query again and again, and
/// each time it is answered by all of the schema. Any thread.
final class IntrospectionAnswers: Sendable {
    /// An answer, and what was asked: the document, and where in it the field stands.
    private struct Kept {
        let document: [UInt8]
        let offsets: [UInt32]
        let answer: [UInt8]
    }

    private struct State {
        var kept: [Kept] = []
        /// Which answer gives way next.
        var next = 0
    }

    /// How many answers are kept at most, and how large one may be: clients choose what they ask.
    private static let maximumCount = 4
    private static let maximumBytes = 4 << 20

    private let introspection: SchemaIntrospection
    private let state = Mutex(State())

    init(_ introspection: SchemaIntrospection) { self.introspection = introspection }

    /// How many answers are kept.
    var count: Int { state.withLock { $0.kept.count } }

    /// The JSON of `__schema` or `__type`; nil where it would be larger than allowed. One that depends on variables is
    /// made anew each time.
    func answer(_ field: IntrospectionField, variables: CoercedVariables) -> [UInt8]? {
        guard variables.isEmpty else { return make(field, variables) }
        let document = field.document.source.bytes
        let offsets = field.fields.map(\.offset)
        let known = state.withLock { state in
            state.kept.first { $0.offsets == offsets && $0.document == document }?.answer
        }
        if let known { return known }
        let answer = make(field, variables)
        if let answer, answer.count <= Self.maximumBytes {
            keep(Kept(document: document, offsets: offsets, answer: answer))
        }
        return answer
    }

    private func make(_ field: IntrospectionField, _ variables: CoercedVariables) -> [UInt8]? {
        introspection.answer(field.fields, in: field.document, variables: variables)
    }

    private func keep(_ kept: Kept) {
        state.withLock { state in
            if state.kept.count < Self.maximumCount {
                state.kept.append(kept)
            } else {
                state.kept[state.next] = kept
                state.next = (state.next + 1) % Self.maximumCount
            }
        }
    }
}
