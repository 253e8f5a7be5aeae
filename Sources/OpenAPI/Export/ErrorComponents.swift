/// What doors answer when something is wrong: problem documents (RFC 9457), and the errors of GraphQL.
enum ErrorComponents {
    /// The names of these schemas hold a point, which no GraphQL name does.
    static let problem = "gateway.Problem"
    static let graphQLError = "gateway.Error"

    /// A response that a door can give besides its own.
    enum Response: String, CaseIterable {
        case badInput = "BadInput"
        case unauthenticated = "Unauthenticated"
        case forbidden = "Forbidden"
        case refused = "Refused"
        case badGateway = "BadGateway"
        case unavailable = "Unavailable"
        case timeout = "Timeout"

        /// The status as `responses` names it.
        var status: String {
            switch self {
            case .badInput: "400"
            case .unauthenticated: "401"
            case .forbidden: "403"
            case .refused: "4XX"
            case .badGateway: "502"
            case .unavailable: "503"
            case .timeout: "504"
            }
        }

        fileprivate var description: String {
            switch self {
            case .badInput: "A parameter is missing or not of its type."
            case .unauthenticated: "A token is needed, or the one that was sent is not believed."
            case .forbidden: "The token doesn't grant what the door asks for, or the service refused."
            case .refused: "The service refused, with this status; or the gateway did, before it asked."
            case .badGateway: "The service can't be reached, failed, or answered what nobody can use."
            case .unavailable: "Not now: the service's breaker is open, or there is too much to do."
            case .timeout: "The service, or the request as a whole, took too long."
            }
        }

        /// The codes that the problem can carry.
        fileprivate var codes: [String] {
            switch self {
            case .badInput: ["BAD_USER_INPUT", "BAD_REQUEST", "UPSTREAM_STATUS"]
            case .unauthenticated: ["UNAUTHENTICATED", "UPSTREAM_STATUS"]
            case .forbidden: ["FORBIDDEN", "UPSTREAM_STATUS"]
            case .refused: ["UPSTREAM_STATUS", "BAD_REQUEST", "RATE_LIMITED", "LIMIT_EXCEEDED"]
            case .badGateway: ["UPSTREAM_UNREACHABLE", "UPSTREAM_STATUS", "UPSTREAM_INVALID_BODY", "TYPE_MISMATCH"]
            case .unavailable: ["BREAKER_OPEN", "OVERLOADED"]
            case .timeout: ["UPSTREAM_TIMEOUT", "DEADLINE_EXCEEDED"]
            }
        }
    }

    /// The members of a door's `responses` for these.
    static func responses(_ kinds: [Response]) -> [(String, DocumentValue)] {
        kinds.map { ($0.status, .reference("responses", $0.rawValue)) }
    }

    /// `components.responses`.
    static let responses = Response.allCases.map { kind in
        let schema = DocumentValue.object([
            ("allOf", .array([.reference("schemas", problem)])),
            (
                "properties",
                .object([("code", .object([("enum", .array(kind.codes.map { .string($0) }))]))])
            ),
        ])
        var headers: [(String, DocumentValue)] = [("x-request-id", .reference("headers", "RequestID"))]
        if kind == .unavailable || kind == .refused {
            headers.append(("Retry-After", .reference("headers", "RetryAfter")))
        }
        return (
            kind.rawValue,
            DocumentValue.object([
                ("description", .string(kind.description)), ("headers", .object(headers)),
                ("content", .object([("application/problem+json", .object([("schema", schema)]))])),
            ])
        )
    }

    /// `components.headers`.
    static let headers: [(String, DocumentValue)] = [
        (
            "RequestID",
            .object([
                ("description", .string("The request's id: the client's own x-request-id, or a new one.")),
                ("schema", .object([("type", .string("string"))])),
            ])
        ),
        (
            "RetryAfter",
            .object([
                ("description", .string("Seconds after which to try again.")),
                ("schema", .object([("type", .string("integer")), ("minimum", .number("0"))])),
            ])
        ),
    ]

    /// Those of `components.schemas` that are the gateway's own.
    static let schemas: [(String, DocumentValue)] = [
        (
            problem,
            TypeSchemas.described(
                TypeSchemas.object(
                    [
                        ("type", .object([("type", .string("string")), ("format", .string("uri-reference"))])),
                        ("title", .object([("type", .string("string"))])),
                        ("status", .object([("type", .string("integer"))])),
                        ("detail", .object([("type", .string("string"))])),
                        ("code", .object([("type", .string("string"))])),
                    ], required: ["type", "title", "status", "detail", "code"].map { .string($0) }),
                "What went wrong (RFC 9457); `code` is for programs.")
        ),
        (
            graphQLError,
            TypeSchemas.described(
                TypeSchemas.object(
                    [
                        ("message", .object([("type", .string("string"))])),
                        ("locations", .object([("type", .string("array"))])),
                        (
                            "path",
                            .object([
                                ("type", .string("array")),
                                (
                                    "items",
                                    .object([("type", .array([.string("string"), .string("integer")]))])
                                ),
                            ])
                        ),
                        (
                            "extensions",
                            TypeSchemas.object(
                                [("code", .object([("type", .string("string"))]))], required: [.string("code")])
                        ),
                    ], required: [.string("message")]),
                "An error of a GraphQL answer: what is null because of it stands at `path`.")
        ),
    ]
}
