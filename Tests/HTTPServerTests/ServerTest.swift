import Bytes
import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

/// A server on a loop of its own whose handler is a closure.
final class TestServer: Sendable {
    let thread: LoopThread
    let address: SocketAddress
    /// What the server has told its handler, in words.
    let events = Recorder<String>()
    private let running: LoopConfined<Running>

    final class Running {
        let server: HTTPServer
        let handler: ClosureHandler

        init(_ server: HTTPServer, _ handler: ClosureHandler) {
            self.server = server
            self.handler = handler
        }
    }

    init(
        settings: ServerSettings = ServerSettings(), address: String = "127.0.0.1:0",
        _ handle: @escaping @Sendable (Exchange, Recorder<String>) -> Void
    ) throws {
        let thread = try LoopThread(name: "test-server")
        let wanted = try #require(SocketAddress(address))
        let events = events
        let loop = thread.loop
        let (bound, confined) = try thread.run {
            let handler = ClosureHandler { handle($0, events) }
            let server = HTTPServer(loop: loop, settings: settings, handler: handler)
            return (try server.listen(on: wanted), LoopConfined(Running(server, handler), to: loop))
        }
        self.thread = thread
        self.address = bound
        running = confined
    }

    deinit {
        try? onLoop { $0.close() }
        thread.stop()
    }

    /// Does `body` with the server on its thread.
    func onLoop<Result: Sendable>(_ body: @escaping @Sendable (HTTPServer) throws -> Result) throws -> Result {
        let running = running
        return try thread.run { try body(running.unwrapped.server) }
    }

    /// A fresh connection to it.
    func connect(receiveBuffer: Int32 = 0) throws -> RawConnection {
        try RawConnection(address, receiveBuffer: receiveBuffer)
    }
}

final class ClosureHandler: RequestHandler {
    private let handleRequest: (Exchange) -> Void

    init(_ handle: @escaping (Exchange) -> Void) { handleRequest = handle }

    func handle(_ exchange: Exchange) { handleRequest(exchange) }
}

extension Exchange {
    /// Answers 200 with `text`.
    func answer(_ text: String, status: Int = 200) {
        let body = ByteBuffer()
        body.append(text)
        let fields = FieldList()
        fields.append(.contentType, "text/plain")
        respond(status: status, fields: fields, body: body)
    }

    /// Method, path, query and content in one line.
    func describe(_ body: String) -> String {
        let request = request
        return "\(request.method) \(request.path.string)?\(request.query.string) \(body)"
    }

    /// Reads the content and answers with `describe`.
    func echo(limit: Int = 1 << 20) {
        readBody(limit: limit) { [unowned self] result in
            switch result {
            case .complete(let body): answer(describe(body.string))
            case .failed(.tooLarge): answer("too large", status: 413)
            case .failed(.timedOut): answer("timed out", status: 408)
            case .failed(.malformed): answer("malformed", status: 400)
            case .failed(.disconnected): break
            }
        }
    }
}
