/// Something to say about one position of the answer: an error, or a fallback value that was served there.
///
/// The response path and the pointer into the upstream's body are gathered innermost part first, while the writer
/// returns from the place where the note was made: fields that are well cost nothing for them.
struct ResponseNote {
    /// One part of a response path.
    enum PathPart {
        /// A field, by its index in the plan's tables: the response key is its own.
        case field(Int)
        /// An item of a list, as the client counts.
        case item(Int)
    }

    enum Kind {
        case error(Issue)
        /// A fallback was served.
        case fallback(ServedFallback)
    }

    var kind: Kind
    /// Innermost part first.
    var path: [PathPart] = []
    /// Reference tokens of the pointer (RFC 6901), not escaped, innermost first.
    var pointer: [String] = []
    /// Whether parts of the pointer are still to come: up to the field that owns the call.
    var isPointerOpen = false

    var isFallback: Bool { if case .fallback = kind { true } else { false } }
}

/// What went wrong at one position of the answer, or with one call.
struct Issue: Sendable {
    /// What there is to say besides code and message.
    enum Details: Sendable {
        case none
        /// A call that failed: of which route, how, and after how many tries.
        case call(route: String, upstream: String, status: Int?, attempts: Int)
        /// A value of the wrong kind, told by kinds alone.
        case mismatch(expected: String, found: String)
    }

    var code: ErrorCode
    /// What happened, for people. The field's name is put before it when the answer is written.
    var message: String
    var details: Details = .none
    /// The member of the parent's JSON that is to blame, for an issue that came up before the call: reference tokens,
    /// innermost first.
    var parentPointer: [String]?

    /// A value of kind `found` where `expected` is needed.
    static func mismatch(expected: String, found: String) -> Issue {
        Issue(
            code: .typeMismatch, message: "expected \(expected), found \(found)",
            details: .mismatch(expected: expected, found: found))
    }

    /// A field that the caller may not see.
    static func denied(isAnonymous: Bool) -> Issue {
        isAnonymous
            ? Issue(code: .unauthenticated, message: "it needs a token, and the request has none")
            : Issue(code: .forbidden, message: "the token does not grant what it needs")
    }
}
