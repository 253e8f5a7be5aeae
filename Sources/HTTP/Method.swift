internal import Bytes

/// A request method (RFC 9110 §9): the registered ones by name, any other token as it was sent. Methods are
/// case-sensitive.
public enum Method: Hashable, Sendable, CustomStringConvertible {
    case get, head, post, put, patch, delete, options, trace, connect
    /// A method not listed above.
    case other(String)

    /// The method that `token` names. The caller has checked that it is a token (RFC 9110 §5.6.2).
    public init(_ token: RawSpan) {
        self = Method.standard(token) ?? .other(token.string)
    }

    /// The method that `token` names.
    public init(_ token: String) {
        switch token {
        case "GET": self = .get
        case "HEAD": self = .head
        case "POST": self = .post
        case "PUT": self = .put
        case "PATCH": self = .patch
        case "DELETE": self = .delete
        case "OPTIONS": self = .options
        case "TRACE": self = .trace
        case "CONNECT": self = .connect
        default: self = .other(token)
        }
    }

    private static func standard(_ token: RawSpan) -> Method? {
        switch token.byteCount {
        case 3: token.equals("GET") ? .get : token.equals("PUT") ? .put : nil
        case 4: token.equals("POST") ? .post : token.equals("HEAD") ? .head : nil
        case 5: token.equals("PATCH") ? .patch : token.equals("TRACE") ? .trace : nil
        case 6: token.equals("DELETE") ? .delete : nil
        case 7: token.equals("OPTIONS") ? .options : token.equals("CONNECT") ? .connect : nil
        default: nil
        }
    }

    /// Whether it only reads (RFC 9110 §9.2.1).
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        default: false
        }
    }

    /// Whether doing it twice is the same as doing it once (RFC 9110 §9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .put, .delete: true
        default: isSafe
        }
    }

    /// The name as it stands in a request line.
    public var description: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other(let token): token
        }
    }
}
