public import Bytes
public import HTTP

/// How a buffered call ended.
public enum CallOutcome {
    /// A whole answer, whatever its status. Head and body are the call's, valid until it is released.
    case answer(status: Int, head: ResponseHead, body: ByteBuffer)
    /// No answer to use.
    case failed(CallFailure)

    /// Whether it is an answer.
    var isAnswer: Bool { if case .answer = self { true } else { false } }
}

/// Why a call has no answer to use.
public struct CallFailure: Error, Hashable, Sendable {
    /// What happened.
    public var code: FailureCode
    /// The upstream's status, where there was one.
    public var status: Int?
    /// Tries made; 0 where none was.
    public var attempts: Int
    /// Who is to blame.
    public var source: FailureSource
    /// Whole seconds after which asking again makes sense, where that is known: the value of Retry-After.
    public var retryAfterSeconds: Int?

    /// A failure.
    public init(
        _ code: FailureCode, status: Int? = nil, attempts: Int, source: FailureSource,
        retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.status = status
        self.attempts = attempts
        self.source = source
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// What happened to a failed call; the raw value is the code that clients see.
public enum FailureCode: String, Hashable, Sendable {
    /// The request's deadline passed.
    case deadlineExceeded = "DEADLINE_EXCEEDED"
    /// The last try's own timeout ran out.
    case upstreamTimeout = "UPSTREAM_TIMEOUT"
    /// No connection, one lost before the answer was whole, or an answer that is not HTTP.
    case upstreamUnreachable = "UPSTREAM_UNREACHABLE"
    /// The answer's content is larger than the limit.
    case upstreamInvalidBody = "UPSTREAM_INVALID_BODY"
    /// The breaker let nothing through.
    case breakerOpen = "BREAKER_OPEN"
    /// Too many calls were waiting already.
    case overloaded = "OVERLOADED"
}

/// On whose side a call failed.
public enum FailureSource: Hashable, Sendable {
    /// The service's.
    case upstream
    /// The gateway's own: its guards said no.
    case `internal`
    /// The client's: its deadline.
    case downstream
}
