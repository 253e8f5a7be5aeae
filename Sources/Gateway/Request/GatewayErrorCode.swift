/// The codes that errors carry (contract section 4): in `extensions.code` of a GraphQL error, in `code` of a problem.
public enum GatewayErrorCode: String, Sendable {
    case badRequest = "BAD_REQUEST"
    case parseFailed = "GRAPHQL_PARSE_FAILED"
    case validationFailed = "GRAPHQL_VALIDATION_FAILED"
    case badUserInput = "BAD_USER_INPUT"
    case operationResolutionFailure = "OPERATION_RESOLUTION_FAILURE"
    case persistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND"
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
