internal import Bytes
internal import JSON

/// What stands at one fetched field of one parent object.
struct Join {
    enum State {
        /// Nothing has come yet.
        case pending
        /// Null without an error: the parent has no key, or nothing matched it.
        case null
        /// The whole value of a call's result.
        case whole
        /// Those elements of a batch's answer that match the parent.
        case matches
        /// No call was made: the issue says why.
        case refused
    }

    var state: State
    /// The result (`whole`, `matches`).
    var result: Int32 = -1
    /// The first match (`matches`), or the issue (`refused`).
    var first: Int32 = 0
    /// How many matches.
    var count: Int32 = 0
}

/// What was served in place of an answer.
struct ServedFallback {
    enum Kind {
        /// An earlier answer, of that age in whole seconds.
        case stale(age: Int)
        /// The route's `fallback.value`.
        case value
    }

    var route: String
    var kind: Kind
}

/// A call's answer as one fetch sees it.
struct CallResult {
    /// The projected body; nil where there is none to look at.
    var body: ResultBody?
    /// Why there is none, or what stands in for it; nil for an answer in the usual course.
    var trouble: CallTrouble?
    /// The field entry that the result was last gathered for; −1 for none.
    var gatheredField: Int32 = -1
}

/// What went wrong with a call.
final class CallTrouble {
    /// Why there is no body.
    let failure: Issue?
    /// An upstream's 404 that a nullable field answers with null and no error.
    let isQuietAtNullable: Bool
    /// What stands in for the answer, where something does.
    let fallback: ServedFallback?

    init(failure: Issue, isQuietAtNullable: Bool = false) {
        self.failure = failure
        self.isQuietAtNullable = isQuietAtNullable
        fallback = nil
    }

    init(fallback: ServedFallback) {
        failure = nil
        isQuietAtNullable = false
        self.fallback = fallback
    }
}

/// What the calls of one request answered, and how it hangs on the parents' records: written while calls come back,
/// read by the writer. Kept and used again.
final class CallResults {
    var joins: [Join] = []
    var results: [CallResult] = []
    /// Element indices of batches' answers, in runs.
    var matches: [Int32] = []
    var issues: [Issue] = []

    init() {}
    /// Forgets one request's results and keeps the storage.
    func removeAll() {
        joins.removeAll(keepingCapacity: true)
        results.removeAll(keepingCapacity: true)
        matches.removeAll(keepingCapacity: true)
        issues.removeAll(keepingCapacity: true)
    }
}
