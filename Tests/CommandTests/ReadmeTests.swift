import EventLoop
import Foundation
import TestSupport
import Testing

/// A demo on free ports for one test.
final class RunningDemo {
    let program: RunningProgram
    /// `host:port` of the gateway, the admin listener and the flaky service.
    let gateway: String
    let admin: String
    let flaky: String

    init() throws {
        program = try RunningProgram("demo", "--port", "0", "--admin-port", "0")
        let address = { (line: String?) in
            String(try #require(line?.split(separator: "http://").last?.prefix { !"/'".contains($0) }))
        }
        gateway = try address(program.line(with: "listening on"))
        admin = try address(program.line(with: "admin on"))
        flaky = try address(program.line(with: "/mode?fail=100"))
    }

    /// Runs a line of shell in which the usual ports stand, and gives what it prints.
    func shell(_ script: String) throws -> String {
        let script = script.replacing("localhost:8080", with: gateway).replacing("localhost:9090", with: admin)
            .replacing("localhost:7004", with: flaky).replacing("curl ", with: "curl -sS ")
        return try Tool.run("/bin/sh", "-c", script).text
    }
}

@Suite("The README's lines")
struct ReadmeTests {
    /// The blocks that call curl, each with what it is said to print; `…` stands for anything.
    static let blocks: [(script: String, answer: String)] = {
        let text = (try? String(contentsOf: Checkout.root.appending(path: "README.md"), encoding: .utf8)) ?? ""
        return text.split(separator: "```").filter { $0.hasPrefix("\ncurl ") }.map { block in
            let parts = block.dropFirst().split(separator: "\n\n", maxSplits: 1)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
    }()

    @Test func `a curl line of each kind of door prints what is said`() throws {
        let demo = try RunningDemo()
        let answers = Self.blocks.filter { !$0.answer.isEmpty }
        #expect(answers.count >= 6)
        for block in answers {
            let output = try demo.shell(block.script)
            var rest = output[...]
            for piece in block.answer.split(separator: "…") {
                let wanted = piece.trimmingCharacters(in: .newlines)
                guard let found = rest.replacing("\r\n", with: "\n").firstRange(of: wanted) else {
                    Issue.record("\(block.script)\nprints\n\(output)\nwithout\n\(wanted)")
                    break
                }
                rest = rest.replacing("\r\n", with: "\n")[found.upperBound...]
            }
        }
        demo.program.send(SIGINT)
        #expect(demo.program.end() == 0)
    }

    @Test func `what it puts before an own service passes check`() throws {
        let text = try String(contentsOf: Checkout.root.appending(path: "README.md"), encoding: .utf8)
        let workspace = try Workspace()
        let schemas = workspace.folder.appending(path: "schemas")
        try FileManager.default.createDirectory(at: schemas, withIntermediateDirectories: true)
        for name in ["gateway.yaml", "schemas/library.graphql"] {
            let block = try #require(text.components(separatedBy: "```").first { $0.contains("\n# \(name)\n") })
            let content = block.drop { !$0.isNewline }
            try Data(content.utf8).write(to: workspace.folder.appending(path: name))
        }
        let outcome = try Program.run("check", in: workspace.folder)
        #expect(outcome.code == 0 && outcome.output == "gateway.yaml: no problems\n", "\(outcome.output)")
    }

    @Test func `the flaky service's breaker opens, and answers keep coming without it`() throws {
        let demo = try RunningDemo()
        let block = try #require(Self.blocks.first { $0.script.contains("fail=100") })
        let output = try demo.shell(block.script)
        #expect(output.contains("\"code\":\"BREAKER_OPEN\""), "\(output)")
        #expect(output.contains("\"flaky\":{\"state\":\"open\",\"forced\":false}"))
        #expect(output.components(separatedBy: "\"name\":\"Ada Lovelace\"").count == 7)
    }

    @Test func `a request under way is answered before the end`() throws {
        let demo = try RunningDemo()
        _ = try demo.shell("curl -X POST 'localhost:7004/mode?fail=100&how=slow'")
        let connection = try RawConnection(try #require(SocketAddress(demo.gateway)))
        let body = #"{"query": "{ user(id: 1) { name reputation { score } } }"}"#
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: demo\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let admin = try RawConnection(try #require(SocketAddress(demo.admin)))
        var isUnderWay = false
        for _ in 0..<2000 where !isUnderWay {
            try admin.send("GET /state HTTP/1.1\r\nHost: \(demo.admin)\r\n\r\n")
            isUnderWay = try admin.readResponse().text.contains(#""inFlight":1,"breakers""#)
        }
        #expect(isUnderWay)
        demo.program.send(SIGTERM)
        let answer = try connection.readResponse()
        #expect(answer.status == 200 && answer.field("connection") == "close")
        #expect(answer.text.contains(#""code":"UPSTREAM_TIMEOUT""#) && answer.text.contains("Ada Lovelace"))
        #expect(demo.program.end() == 0)
    }
}
