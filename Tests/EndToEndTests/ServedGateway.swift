import EventLoop
import Foundation
import TestSupport
import Testing

/// The built `sluice serve` over files of a test, until the test lets go of it.
final class ServedGateway {
    let address: SocketAddress
    let admin: SocketAddress
    private let process = Process()
    private let printed = PrintedLines()
    private let workspace: Workspace?

    /// Where the files are; nil where they aren't the test's own.
    var folder: URL? { workspace?.folder }

    var pid: Int32 { process.processIdentifier }

    /// Serves `gateway.yaml` and the other files given; both listeners take ports of the system's choice.
    /// - Parameters:
    ///   - shards: loops that serve.
    ///   - arguments: further ones of `sluice serve`.
    convenience init(_ files: [String: String], shards: Int = 1, arguments: [String] = []) throws {
        let workspace = try Workspace(files)
        try self.init(
            configuration: workspace.folder.appending(path: "gateway.yaml"), in: workspace, environment: [:],
            shards: shards, arguments: arguments)
    }

    convenience init(
        configuration: URL, in workspace: Workspace? = nil, environment: [String: String], shards: Int = 1,
        arguments: [String] = []
    ) throws {
        let arguments = ["serve", "--config", configuration.path, "--shards", "\(shards)"] + arguments
        try self.init(running: arguments, in: workspace, environment: environment)
    }

    /// Runs a command that serves: `serve` or `demo`.
    init(running arguments: [String], in workspace: Workspace? = nil, environment: [String: String] = [:]) throws {
        self.workspace = workspace
        process.executableURL = BuiltCommand.url
        process.arguments = arguments
        process.environment = SanitizerOptions.environment.merging(environment) { _, own in own }
        process.standardOutput = printed.pipe
        try process.run()
        address = try Self.address(in: printed.line(with: "listening on"))
        admin = try Self.address(in: printed.line(with: "admin on"))
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func address(in line: String?) throws -> SocketAddress {
        let text = try #require(line?.split(separator: "://").last)
        return try #require(SocketAddress(String(text)))
    }

    /// Reads the output on to the first line that holds `text`; nil where none comes for half a minute.
    func line(with text: String) -> String? { printed.line(with: text) }

    /// Everything that is printed from here to its end.
    func rest() -> String { printed.rest() }

    /// Puts `text` in the place of a file, by renaming as editors do.
    func replace(_ name: String, _ text: String) throws {
        let file = try #require(folder).appending(path: name)
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    /// What `sluice check` prints of the configuration.
    func check() throws -> String {
        let file = try #require(folder).appending(path: "gateway.yaml")
        return try Tool.run(BuiltCommand.url.path, "check", "--config", file.path).text
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for the end and gives the exit code; -1 where a signal ended it.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    // MARK: Asking

    /// Sends one request on a connection of its own.
    func request(
        _ method: String = "GET", _ target: String, fields: [String] = [], body: String? = nil,
        at other: SocketAddress? = nil
    ) throws -> RawConnection.Response {
        let connection = try RawConnection(other ?? address)
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"] + fields
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        return try connection.readResponse(hasBody: method != "HEAD")
    }

    /// Posts `body` to the GraphQL door.
    func post(_ body: String, fields: [String] = []) throws -> RawConnection.Response {
        try request("POST", "/graphql", fields: ["Content-Type: application/json"] + fields, body: body)
    }

    /// Posts a query and gives the answer's JSON.
    func query(_ query: String, variables: String = "{}", fields: [String] = []) throws -> Answer {
        let body = "{\"query\": \(Self.quoted(query)), \"variables\": \(variables)}"
        return try Answer(post(body, fields: fields))
    }

    static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode(text)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    /// Resident memory in bytes: `VmRSS`, or `VmHWM` for its peak.
    func memory(_ key: String = "VmRSS") throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(key + ":") })
        return try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }) * 1024
    }
}

/// A GraphQL answer, parsed.
struct Answer {
    struct Failure: Equatable {
        var path: [String]
        var code: String
    }

    let status: Int
    let text: String
    let data: [String: Any]?
    let failures: [Failure]

    init(_ response: RawConnection.Response) throws {
        status = response.status
        text = response.text
        let whole = try #require(JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
        data = whole["data"] as? [String: Any]
        failures = ((whole["errors"] as? [[String: Any]]) ?? []).map { error in
            let path = (error["path"] as? [Any])?.map { "\($0)" } ?? []
            return Failure(path: path, code: (error["extensions"] as? [String: Any])?["code"] as? String ?? "")
        }
    }

    /// The value at a path of response keys.
    func value(_ path: String...) -> Any? {
        path.reduce(data as Any?) { value, key in (value as? [String: Any])?[key] }
    }
}

/// An answer as an upstream writes it.
func answer(_ body: String, status: String = "200 OK", fields: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
}
