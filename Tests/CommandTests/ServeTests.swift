import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("sluice serve and sluice demo")
struct ServeTests {
    static let configuration = """
        server: {listen: "127.0.0.1:0"}
        admin: {listen: "127.0.0.1:0"}
        """

    /// The address behind `http://` at the end of a line.
    private func address(_ line: String?) throws -> SocketAddress {
        let text = try #require(line?.split(separator: "http://").last)
        return try #require(SocketAddress(String(text)))
    }

    private func get(_ address: SocketAddress, _ target: String) throws -> RawConnection.Response {
        let connection = try RawConnection(address)
        try connection.send("GET \(target) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n")
        return try connection.readResponse()
    }

    @Test func `it says where it listens, stays on SIGHUP, and ends on SIGTERM with code 0`() throws {
        let workspace = try Workspace(["gateway.yaml": Self.configuration])
        let program = try RunningProgram("serve", "--shards", "2", in: workspace.folder)
        let public_ = try address(program.line(with: "listening on"))
        let admin = try address(program.line(with: "admin on"))
        #expect(try get(admin, "/readyz").status == 200)
        #expect(try get(public_, "/nothing").status == 404)
        program.send(SIGHUP)
        #expect(program.line(with: "configuration reloaded")?.contains("\"generation\":\"2\"") == true)
        #expect(try get(admin, "/healthz").status == 200)
        program.send(SIGTERM)
        #expect(program.end() == 0)
    }

    @Test func `a configuration with errors ends it with code 1 and its problems`() throws {
        let workspace = try Workspace(["gateway.yaml": "serverr: {}\n"])
        let outcome = try Program.run("serve", in: workspace.folder)
        #expect(outcome.code == 1 && outcome.output.isEmpty && outcome.errors.hasPrefix("gateway.yaml:1:1: error: "))
    }

    @Test func `a port that is taken ends it with code 1`() throws {
        let workspace = try Workspace(["gateway.yaml": Self.configuration])
        let other = ScriptedUpstream { _, _ in }
        let taken = "127.0.0.1:\(other.port)"
        try Data("server: {listen: \"\(taken)\"}\n".utf8).write(to: workspace.folder.appending(path: "gateway.yaml"))
        let outcome = try Program.run("serve", in: workspace.folder)
        #expect(outcome.code == 1 && outcome.errors.contains("Can't listen on \(taken)"))
    }

    @Test func `one that listens where another process does says so`() throws {
        let workspace = try Workspace(["gateway.yaml": Self.configuration])
        let first = try RunningProgram("serve", "--shards", "1", in: workspace.folder)
        let address = try address(first.line(with: "listening on"))
        try Data("server: {listen: \"\(address)\"}\n".utf8).write(to: workspace.folder.appending(path: "gateway.yaml"))
        let second = try RunningProgram("serve", "--shards", "1", in: workspace.folder)
        #expect(second.line(with: "another process listens here too")?.contains("\(address)") == true)
        for program in [first, second] {
            program.send(SIGINT)
            #expect(program.end() == 0)
        }
    }

    @Test func `the service manager hears when it is ready, reloads and stops`() throws {
        let workspace = try Workspace(["gateway.yaml": Self.configuration])
        let path = workspace.folder.appending(path: "notify").path
        let manager = try DatagramSocket(path)
        let program = try RunningProgram(
            "serve", "--shards", "1", in: workspace.folder, environment: ["NOTIFY_SOCKET": path])
        #expect(manager.receive() == "READY=1")
        #expect(program.line(with: "listening on") != nil)
        program.send(SIGHUP)
        #expect(manager.receive()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
        #expect(manager.receive() == "READY=1")
        program.send(SIGTERM)
        #expect(manager.receive() == "STOPPING=1")
        #expect(program.end() == 0)
    }

    /// Whether this user may make a process the first of its own (user_namespaces(7)).
    static let hasNamespaces = (try? Tool.run(["unshare"] + unshare + ["true"]))?.status == 0
    private static let unshare = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child"]

    @Test(.enabled(if: hasNamespaces)) func `as the first process of a container it ends when it is told to`() throws {
        let workspace = try Workspace(["gateway.yaml": Self.configuration])
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = Self.unshare + [BuiltCommand.url.path, "serve", "--shards", "1"]
        process.currentDirectoryURL = workspace.folder
        process.environment = SanitizerOptions.environment
        let printed = PrintedLines()
        process.standardOutput = printed.pipe
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        try #require(printed.line(with: "admin on") != nil)
        let children = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
        let child = try #require(
            Int32(try String(contentsOfFile: children, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
        )
        let status = try String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)
        #expect(
            status.contains { $0.isNewline } && status.range(of: "NSpid:.*\\s1\n", options: .regularExpression) != nil)
        kill(child, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    @Test func `the demo answers what it says to try`() throws {
        let program = try RunningProgram("demo", "--port", "0", "--admin-port", "0")
        let gateway = try address(program.line(with: "listening on"))
        let admin = try address(program.line(with: "admin on"))
        #expect(program.line(with: "/graphql")?.contains("curl http://\(gateway)/graphql") == true)
        let connection = try RawConnection(gateway)
        let body = #"{"query": "{ user(id: 1) { name posts(limit: 2) { title author { name } } } }"}"#
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: demo\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let response = try connection.readResponse()
        #expect(response.status == 200 && response.text.hasPrefix(#"{"data":{"user":{"name":"Ada Lovelace","#))
        #expect(try get(admin, "/healthz?full=1").text.contains(#""flaky":{"state":"closed","forced":false}"#))
        program.send(SIGINT)
        #expect(program.end() == 0)
    }
}
