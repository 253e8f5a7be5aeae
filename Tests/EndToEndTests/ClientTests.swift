import Foundation
import TestSupport
import Testing

/// Clients that people use, against `sluice demo` as people run it.
@Suite("Real clients")
struct ClientTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let clients = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Clients")

    private func demo() throws -> (ServedGateway, url: String) {
        let gateway = try ServedGateway(running: ["demo", "--port", "0", "--admin-port", "0"])
        return (gateway, "http://\(gateway.address)/graphql")
    }

    /// Runs a program to its end and gives what it printed.
    private func run(_ program: String, _ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
        try Tool.run([program] + arguments, folder: Self.root, environment: environment).text
    }

    @Test func `graphql-js reads the schema that the gateway tells, and it is the one that is printed`() throws {
        let (gateway, url) = try demo()
        let file = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString).graphql")
        defer { try? FileManager.default.removeItem(at: file) }
        let schema = try run(BuiltCommand.url.path, ["schema"], SanitizerOptions.environment)
        try Data(schema.utf8).write(to: file)
        let script = Self.clients.appending(path: "introspect.js").path
        let printed = try run("/usr/bin/node", [script, url, file.path], ["NODE_PATH": "/usr/share/nodejs"])
        #expect(printed == "well\n")
        gateway.send(SIGTERM)
        #expect(gateway.end() == 0)
    }

    @Test func `the gql client validates, asks and registers`() throws {
        let (gateway, url) = try demo()
        let printed = try Python.run([Self.clients.appending(path: "client.py").path, url])
        #expect(printed == Data("well\n".utf8))
        gateway.send(SIGTERM)
        #expect(gateway.end() == 0)
    }
}
