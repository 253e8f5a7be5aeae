internal import HTTP
internal import Planning
internal import Resilience

/// Something that answers requests at a path pattern.
protocol RESTDoor: Sendable {
    /// Answers `request`. On the request's loop.
    /// - Parameter captures: what the pattern's variables took, as ranges of the raw path, in their order.
    func handle(_ request: GatewayRequest, captures: [Range<Int>])
}

/// What a door asks of its requests before it answers them.
struct DoorRules: Sendable {
    /// The priority that it gives them, if it gives one.
    var priority: Priority?
    /// What their token has to grant; nil where they need none.
    var requirement: AccessRequirement?
    /// What rate limits know it by: its route's name, or else its own pattern.
    var routeName = ""
}

/// Finds the door of a request: the most specific pattern whose path and method fit.
struct Router: Sendable {
    /// What was found.
    enum Match {
        /// With what it asks of its requests.
        case door(any RESTDoor, DoorRules)
        /// An OPTIONS that the gateway answers itself; what Allow says.
        case options(allow: String)
        /// There are doors at this path, for other methods.
        case methodNotAllowed(allow: String)
        case notFound
    }

    /// A door and its pattern.
    struct Entry: Sendable {
        let pattern: DoorPattern
        let door: any RESTDoor
        var rules = DoorRules()
    }

    private let entries: [Entry]

    /// A router over `entries`, in any order.
    init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.pattern.isMoreSpecific(than: $1.pattern) }
    }

    /// The door of a request.
    /// - Parameter captures: receives what the pattern's variables took.
    func match(_ head: RequestHead, captures: inout [Range<Int>]) -> Match {
        var isPathKnown = false
        for entry in entries where entry.pattern.matches(head.path, captures: &captures) {
            isPathKnown = true
            if Self.takes(head, entry.pattern) { return .door(entry.door, entry.rules) }
        }
        guard isPathKnown else { return .notFound }
        let allow = allowedMethods(head)
        return head.method == .options ? .options(allow: allow) : .methodNotAllowed(allow: allow)
    }

    /// The methods offered at the path of `head`, as Allow lists them; nil where there is no door.
    func offered(at head: RequestHead) -> String? {
        var captures: [Range<Int>] = []
        let isKnown = entries.contains { $0.pattern.matches(head.path, captures: &captures) }
        return isKnown ? allowedMethods(head) : nil
    }

    private static func takes(_ head: RequestHead, _ pattern: DoorPattern) -> Bool {
        guard let method = pattern.method else {
            switch head.method {
            // A CORS preflight asks the gateway, not the service (Fetch standard).
            case .options: return !isPreflight(head.fields)
            // TRACE would show a script the fields that the gateway adds, CONNECT asks for a tunnel (RFC 9110 §9.3).
            case .trace, .connect: return false
            default: return true
            }
        }
        return method == head.method || (method == .get && head.method == .head)
    }

    private static func isPreflight(_ fields: FieldList) -> Bool {
        fields.contains(.origin) && fields.contains(.accessControlRequestMethod)
    }

    /// The methods offered at the path of `head`, as Allow lists them (RFC 9110 §10.2.1).
    private func allowedMethods(_ head: RequestHead) -> String {
        var methods: [String] = []
        var captures: [Range<Int>] = []
        for entry in entries where entry.pattern.matches(head.path, captures: &captures) {
            let offered: [Method] =
                switch entry.pattern.method {
                case .get: [.get, .head]
                case let method?: [method]
                case nil: [.get, .head, .post, .put, .patch, .delete]
                }
            for method in offered where !methods.contains(method.description) { methods.append(method.description) }
        }
        return (methods + ["OPTIONS"]).joined(separator: ", ")
    }
}
