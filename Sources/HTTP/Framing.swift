/// How the end of a message's content is told (RFC 9112 §6.3).
public enum BodyFraming: Equatable, Sendable {
    /// There is no content.
    case none
    /// This many bytes.
    case length(Int)
    /// Chunks, the last one empty (RFC 9112 §7.1).
    case chunked
    /// All bytes until the connection closes; answers only.
    case untilClose
}

/// How large a message's head may be, in bytes.
public struct HeadLimits: Equatable, Sendable {
    /// The request line or status line without its CRLF. Over it: 414.
    public var startLine: Int
    /// The whole head, start line included. Over it: 431.
    public var head: Int

    /// Limits in bytes.
    public init(startLine: Int = 16 * 1024, head: Int = 32 * 1024) {
        self.startLine = startLine
        self.head = head
    }
}

/// A head or a chunk that can't be taken: after it nothing on the connection can be trusted.
public struct FramingError: Error, Equatable, CustomStringConvertible {
    /// The status that a server answers with; for a response it only says what kind of fault it is.
    public let status: Int
    /// What was wrong, in plain words, without any of the peer's bytes.
    public let reason: StaticString

    /// The fault `reason`, answered with `status`.
    public init(status: Int, _ reason: StaticString) {
        self.status = status
        self.reason = reason
    }

    static func badRequest(_ reason: StaticString) -> FramingError { FramingError(status: 400, reason) }

    /// Same status and same reason.
    public static func == (left: Self, right: Self) -> Bool {
        left.status == right.status && left.reason.description == right.reason.description
    }

    /// The status and the reason.
    public var description: String { "\(status): \(reason)" }
}
