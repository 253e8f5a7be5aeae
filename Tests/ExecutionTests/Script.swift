import Bytes
import EventLoop
import Execution
import GraphQL
import HTTP
import Planning
import Testing

/// The upstreams of a test: calls are kept until the test answers them, or answered at once by a table.
final class Script: CallStarter {
    /// What a request gets: status and content, or a failure.
    enum Reply {
        case content(Int, String)
        case bytes(Int, [UInt8])
        case failure(ErrorCode)
        /// No answer until the test says so.
        case none
    }

    /// From `GET /path?query` to the answer.
    var replies: [String: Reply] = [:]
    /// Whether calls wait for `answer` even where `replies` knows them.
    var isManual = false
    private(set) var log: [String] = []
    private(set) var contents: [String?] = []
    private(set) var headers: [[String: String]] = []
    private(set) var open: [ExecutionCall] = []
    private(set) var cancelled: [String] = []
    private(set) var released = 0

    func start(_ call: ExecutionCall) {
        log.append(Self.name(call))
        contents.append(call.content?.string)
        var fields: [String: String] = [:]
        for index in 0..<call.fields.count {
            fields[call.fields.nameString(at: index)] = call.fields.valueString(at: index)
        }
        headers.append(fields)
        open.append(call)
        if !isManual { answer(call) }
    }

    func cancel(_ call: ExecutionCall) {
        cancelled.append(Self.name(call))
        open.removeAll { $0 === call }
    }

    func release(_ call: ExecutionCall) { released += 1 }

    static func name(_ call: ExecutionCall) -> String { "\(call.method) \(call.target.string)" }

    /// Answers the open call of that name.
    func answer(_ name: String) throws {
        answer(try #require(open.first { Self.name($0) == name }))
    }

    /// Answers open calls, each time the one that `choose` picks of so many, until none is left.
    func answerAll(choosing choose: (Int) -> Int) {
        while !open.isEmpty { answer(open[choose(open.count)]) }
    }

    private func answer(_ call: ExecutionCall) {
        let reply = replies[Self.name(call)] ?? .content(404, "")
        if case .none = reply { return }
        open.removeAll { $0 === call }
        switch reply {
        case .none: return
        case .failure(let code): call.failed(code, attempts: 2)
        case .content(let status, let text): answer(call, status, Array(text.utf8))
        case .bytes(let status, let bytes): answer(call, status, bytes)
        }
    }

    private func answer(_ call: ExecutionCall, _ status: Int, _ bytes: [UInt8]) {
        let body = ByteBuffer(capacity: bytes.count)
        body.append(bytes)
        call.answered(status: status, body: body, attempts: 1)
    }
}

/// What the tests' requests hold.
final class Client: RequestContext {
    var requestFields: FieldList? = FieldList()
    var deadline = MonotonicTime.distantFuture
}
