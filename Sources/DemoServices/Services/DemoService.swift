/// A request as the demo's services see it.
struct DemoRequest {
    var method: String
    /// The path's segments, percent-decoded.
    var path: [String]
    /// The query's pairs, percent-decoded.
    var query: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// The value of the first pair called `name`.
    func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// A count that the query asks for, from 0 to 100; `standard` where it asks for none.
    func count(_ name: String, standard: Int) -> Int {
        min(max(parameter(name).flatMap { Int($0) } ?? standard, 0), 100)
    }
}

/// What a service answers, and how it misbehaves where it is asked to.
struct DemoAnswer {
    var status = 200
    var contentType: StaticString = "application/json"
    var body: [UInt8] = []
    /// The value of `Allow`, for a 405.
    var allow: String?
    /// Milliseconds before the answer is sent.
    var delay: UInt64 = 0
    /// Whether the connection is cut in the middle of the answer.
    var isCut = false

    static func json(_ value: JSONValue, status: Int = 200) -> DemoAnswer {
        DemoAnswer(status: status, body: value.json)
    }

    static func text(_ text: String, contentType: StaticString) -> DemoAnswer {
        DemoAnswer(contentType: contentType, body: Array(text.utf8))
    }

    static func error(_ status: Int, _ message: String) -> DemoAnswer {
        json(["error": .string(message)], status: status)
    }

    static let notFound = error(404, "not found")

    static func notAllowed(_ methods: String) -> DemoAnswer {
        var answer = error(405, "use \(methods)")
        answer.allow = methods
        return answer
    }
}

/// One of the demo's services: answers requests from data in memory. Confined to the demo's loop.
protocol DemoService: AnyObject {
    func answer(_ request: DemoRequest) -> DemoAnswer
}

extension DemoService {
    /// The answer, health included, which every service has.
    func handle(_ request: DemoRequest) -> DemoAnswer {
        request.path == ["healthz"] ? .json(["status": "ok"]) : answer(request)
    }
}
