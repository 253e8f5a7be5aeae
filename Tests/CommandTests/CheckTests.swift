import Foundation
import TestSupport
import Testing

@Suite("sluice check")
struct CheckTests {
    static let files = [
        "gateway.yaml": """
        server:
          lissten: 127.0.0.1:8080
        graphql:
          schemas: [schema.graphql]
        upstreams:
          users: {url: "http://127.0.0.1:7001", timeout: fast}
        routes:
          users.get: {upstream: users, request: "GET /users/{id}"}
        redis: {url: http://127.0.0.1:6379}
        profiles:
          tv: {drop: [User.histroy]}
        """,
        "schema.graphql": """
        type Query {
          user(id: ID!): User @rest(route: "users.gett")
        }
        type User {
          id: ID!
          history: [String!]
        }
        """,
    ]

    @Test func `five mistakes are five located problems, and the code is 1`() throws {
        let workspace = try Workspace(Self.files)
        let outcome = try Program.run("check", in: workspace.folder)
        #expect(outcome.code == 1)
        let heads = outcome.output.split(separator: "\n").filter { $0.contains(": error: ") }
        let places = [
            "gateway.yaml:2:3", "gateway.yaml:6:50", "gateway.yaml:9:14", "gateway.yaml:11:15", "schema.graphql:2:36",
        ]
        #expect(heads.count == 5)
        for (head, place) in zip(heads, places) { #expect(head.hasPrefix("\(place): error: ")) }
        #expect(heads[0].contains("(did you mean \"listen\"?)") && heads[4].contains("(did you mean \"users.get\"?)"))
        #expect(outcome.output.contains("\n      lissten: 127.0.0.1:8080\n      ^\n"))
        #expect(outcome.output.hasSuffix("\n5 errors\n"))
    }

    @Test func `the json form holds the same`() throws {
        let workspace = try Workspace(Self.files)
        let outcome = try Program.run("check", "--format", "json", in: workspace.folder)
        #expect(outcome.code == 1)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(report["errors"] as? Int == 5 && report["warnings"] as? Int == 0)
        let problems = try #require(report["problems"] as? [[String: Any]])
        #expect(problems.count == 5)
        let last = try #require(problems.last)
        #expect(last["file"] as? String == "schema.graphql" && last["line"] as? Int == 2)
        #expect(last["column"] as? Int == 36 && last["severity"] as? String == "error")
        #expect(last["suggestion"] as? String == "users.get")
    }

    @Test func `the repository's own configuration is clean`() throws {
        let outcome = try Program.run("check")
        #expect(outcome.code == 0 && outcome.output == "gateway.yaml: no problems\n", "\(outcome.output)")
        let json = try Program.run("check", "--format=json")
        #expect(json.output == "{\"problems\":[],\"errors\":0,\"warnings\":0}\n")
    }

    @Test func `serve refuses what check refuses, and says the same`() throws {
        let folder = Checkout.root.appending(path: "Tests/ConfigurationTests/Golden")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        // Every third: each is a process that starts twice.
        for (index, file) in files.sorted().enumerated() where index % 3 == 0 {
            let checked = try Program.run("check", "--config", file, in: folder)
            guard checked.code == 1 else { continue }
            let served = try Program.run("serve", "--config", file, in: folder)
            #expect(served.code == 1, "\(file)")
            #expect(!served.errors.isEmpty && checked.output.hasPrefix(served.errors), "\(file)")
        }
    }

    @Test func `keys that can't be fetched now are a warning, which serve does without`() throws {
        let workspace = try Workspace([
            "gateway.yaml": """
            auth: {jwt: {jwks: "http://127.0.0.1:1/keys.json", issuer: "https://a.example"}}
            """
        ])
        let outcome = try Program.run("check", in: workspace.folder)
        #expect(outcome.code == 0)
        #expect(
            outcome.output.hasPrefix("gateway.yaml:1:20: warning: The keys at http://127.0.0.1:1/keys.json can't be"))
        #expect(outcome.output.contains("[unreachable-keys]"))
    }

    @Test func `a Redis that can't be used now is a warning, and its files are looked at`() throws {
        let rules = "rateLimits: [{key: ip, rate: 1/s, store: redis}]"
        let workspace = try Workspace(["gateway.yaml": "\(rules)\nredis: {url: \"redis://:pw@127.0.0.1:1/2\"}"])
        let outcome = try Program.run("check", in: workspace.folder)
        #expect(outcome.code == 0)
        let warning =
            "gateway.yaml:2:14: warning: Redis at redis://127.0.0.1:1/2 can't be used: connect: Connection refused"
        #expect(outcome.output.hasPrefix(warning), "\(outcome.output)")
        #expect(outcome.output.contains("[unreachable-redis]"))
        let files = try Workspace([
            "gateway.yaml":
                "\(rules)\nredis: {url: \"rediss://127.0.0.1:1\", tls: {ca: no.pem, certificate: c.pem, key: k.pem}}"
        ])
        let refused = try Program.run("check", in: files.folder)
        #expect(refused.code == 1)
        #expect(refused.output.contains("gateway.yaml:2:48: error: The file of authorities \"no.pem\" can't be read"))
        #expect(refused.output.contains("error: The certificate \"c.pem\" can't be read"))
    }

    @Test func `a file that isn't there is a problem like others`() throws {
        let workspace = try Workspace()
        let outcome = try Program.run("check", "--config", "nope.yaml", in: workspace.folder)
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("nope.yaml:1:1: error: no such file"))
    }
}
