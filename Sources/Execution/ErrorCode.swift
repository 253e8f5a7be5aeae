/// The codes of GraphQL errors that come to be while a plan runs (`extensions.code`).
public enum ErrorCode: String, Sendable {
    case badUserInput = "BAD_USER_INPUT"
    case unauthenticated = "UNAUTHENTICATED"
    case limitExceeded = "LIMIT_EXCEEDED"
    case overloaded = "OVERLOADED"
    case deadlineExceeded = "DEADLINE_EXCEEDED"
    case upstreamTimeout = "UPSTREAM_TIMEOUT"
    case upstreamUnreachable = "UPSTREAM_UNREACHABLE"
    case upstreamStatus = "UPSTREAM_STATUS"
    case upstreamInvalidBody = "UPSTREAM_INVALID_BODY"
    case breakerOpen = "BREAKER_OPEN"
    case typeMismatch = "TYPE_MISMATCH"
    case internalError = "INTERNAL_ERROR"
}
