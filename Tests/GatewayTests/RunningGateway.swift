import Configuration
import EventLoop
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Gateway

/// A gateway on a free port for the length of a test, over a configuration that is written out for it.
final class RunningGateway {
    let address: SocketAddress
    private let gateway: Gateway
    private let folder: ConfigurationFolder
    private let connection: RawConnection
    private let registry = MetricsRegistry()
    /// Listens as long as the gateway runs.
    private let upstream: ScriptedUpstream?

    /// - Parameters:
    ///   - configuration: what follows `server`, `admin` and `telemetry`.
    ///   - server: lines of the block `server`.
    ///   - files: further files by name; `schema.graphql` is read if the configuration says so.
    init(
        _ configuration: String, server: String = "", files: [String: String] = [:], upstream: ScriptedUpstream? = nil,
        shards: Int = 1
    ) throws {
        self.upstream = upstream
        let text = """
            server:
              listen: 127.0.0.1:0
            \(server)
            admin: {listen: 127.0.0.1:0}
            telemetry: {logs: {access: false}}
            \(configuration)
            """
        folder = try ConfigurationFolder(text, files)
        let checked = folder.check(registry)
        let snapshot = try #require(checked.snapshot, "\(checked.report.problems.map(\.message))")
        gateway = try Gateway(snapshot, metrics: registry, shards: shards, output: ConfigurationFolder.silence)
        address = try #require(try gateway.start().first)
        connection = try RawConnection(address)
    }

    deinit {
        // An idle connection that stays open would hold up the drain.
        connection.close()
        gateway.drain()
    }

    /// A connection of its own.
    func connect(receiveBuffer: Int32 = 0) throws -> RawConnection {
        try RawConnection(address, receiveBuffer: receiveBuffer)
    }

    /// The page of metrics.
    var metrics: String { String(decoding: registry.page(), as: UTF8.self) }

    /// Posts JSON to the GraphQL door on the gateway's one connection and reads the answer.
    func post(_ body: String) throws -> RawConnection.Response {
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try connection.readResponse()
    }

    /// Sends a request without content on the gateway's one connection and reads the answer.
    func send(_ line: String, _ fields: String..., body: String = "") throws -> RawConnection.Response {
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        let head = (["\(line) HTTP/1.1", "Host: gateway.test"] + fields + length).joined(separator: "\r\n")
        try connection.send("\(head)\r\n\r\n\(body)")
        return try connection.readResponse(hasBody: !line.hasPrefix("HEAD"))
    }
}

/// A folder with a configuration, removed at the end of a test.
final class ConfigurationFolder {
    static let silence = unsafe open("/dev/null", O_WRONLY)

    private let workspace: Workspace

    init(_ configuration: String, _ files: [String: String]) throws {
        workspace = try Workspace(files.merging(["gateway.yaml": configuration]) { one, _ in one })
    }

    func check(_ metrics: MetricsRegistry = MetricsRegistry()) -> CheckedGateway {
        Snapshot.load(path: workspace.path("gateway.yaml"), environment: [:], metrics: metrics)
    }

    /// Every problem as `file:line:column: severity: message`, without the folder.
    var problems: [String] {
        check().report.problems.map { problem in
            let file = problem.file.split(separator: "/").last ?? ""
            let hint = problem.suggestion.map { " (did you mean \($0)?)" } ?? ""
            return "\(file):\(problem.line):\(problem.column): \(problem.severity): \(problem.message)\(hint)"
        }
    }
}

extension RawConnection.Response {
    /// The member `code` of a problem document.
    var problemCode: String? {
        guard field("content-type") == "application/problem+json" else { return nil }
        let parts = text.components(separatedBy: #""code":""#)
        return parts.count == 2 ? String(parts[1].prefix { $0 != "\"" }) : nil
    }
}

/// An answer of 200 with JSON.
func json(_ body: String, _ status: String = "200 OK", _ fields: String...) -> String {
    let lines = ["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
    return (lines + fields).joined(separator: "\r\n") + "\r\n\r\n" + body
}

extension ScriptedUpstream {
    /// Answers each request with what `answer` makes of its request line.
    convenience init(answering answer: @escaping @Sendable (String) -> String) {
        self.init { peer, _ in
            while let head = try peer.readRequest() {
                try peer.send(answer(head.firstLine))
            }
        }
    }

    /// The request lines that came, and the last head's field lines in lower case.
    var requestLines: [String] { heads.all.map { $0.firstLine.replacing(" HTTP/1.1", with: "") } }

    var lastFields: [String] {
        heads.all.last.map { $0.components(separatedBy: "\r\n").dropFirst().map { $0.lowercased() } } ?? []
    }
}

extension String {
    /// What stands before the first CRLF, which is one character.
    fileprivate var firstLine: String { String(prefix { $0 != "\r\n" }) }
}
