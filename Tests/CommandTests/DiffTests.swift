import Foundation
import TestSupport
import Testing

@Suite("sluice diff")
struct DiffTests {
    static let manifest = """
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
          {"id": "1", "name": "Name", "type": "query", "body": "query Name { user(id: 1) { name } }"},
          {"id": "2", "name": "Best", "type": "query", "body": "query Best { user(id: 1) { best { name } } }"}
        ]}
        """
    static let old = [
        "old.yaml": """
        graphql: {schemas: [old.graphql], persisted: {manifest: operations.json}}
        upstreams: {users: {url: "http://127.0.0.1:7001", timeout: 1s, breaker: {}}}
        routes: {users.get: {upstream: users, request: "GET /users/{id}"}}
        rest:
          "GET /home/{id}": {operation: home.graphql}
        """,
        "old.graphql": """
        type Query { user(id: ID!): User @rest(route: "users.get") }
        type User { name: String best: User }
        """,
        "home.graphql": "query Home($id: ID!) { user(id: $id) { name best { name } } }",
        "operations.json": manifest,
    ]

    /// The command over the old files and these.
    private static func diff(_ new: [String: String], _ options: String...) throws -> Program.Outcome {
        let workspace = try Workspace(old.merging(new) { _, new in new })
        return try Program.run(["diff"] + options + ["old.yaml", "new.yaml"], in: workspace.folder)
    }

    @Test func `nothing is different`() throws {
        let outcome = try Self.diff(["new.yaml": Self.old["old.yaml"] ?? ""])
        #expect(outcome.code == 0 && outcome.output == "no differences\n" && outcome.errors.isEmpty)
    }

    @Test func `a stored operation makes another call, and nothing breaks`() throws {
        let outcome = try Self.diff([
            "new.yaml": (Self.old["old.yaml"] ?? "").replacing("old.graphql", with: "new.graphql"),
            "new.graphql": """
            type Query { user(id: ID!): User @rest(route: "users.get") }
            type User { name: String bestId: ID best: User @rest(route: "users.get", with: {id: "$this.bestId"}) }
            """,
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            outcome.output == """
                notable   User.best is fetched by users.get, and was read from "best"
                notable   operation "Best" makes at most 2 calls, and made 1; now calls users.get for user.best (web)
                notable   door "GET /home/{id}" makes at most 2 calls, and made 1; now calls users.get for user.best (web)
                safe      User.bestId was added
                0 breaking, 3 notable, 1 safe

                """)
    }

    @Test func `what clients can no longer ask for breaks, and the stored operations that ask for it`() throws {
        let new = [
            "new.yaml": """
            server: {limits: {body: 1MiB}}
            graphql: {schemas: [new.graphql], persisted: {manifest: fewer.json}}
            upstreams: {users: {url: "http://127.0.0.1:7001", timeout: 500ms, breaker: {}}}
            routes: {users.get: {upstream: users, request: "GET /users/{id}"}}
            rest:
              "GET /home/{id}": {operation: home.graphql}
            """,
            "new.graphql": """
            type Query { user(id: ID!, kind: String!): User @rest(route: "users.get") }
            type User { name: String }
            """,
            "fewer.json": #"{"1": "query Name { user(id: 1) { name } }"}"#,
        ]
        let outcome = try Self.diff(new)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("home.graphql:1:"), "the new one has errors, which are said")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        let expected = [
            "breaking  server.limits.body is 1MiB, and was 2MiB",
            "breaking  Query.user(kind:) was added and must be given (String!)",
            "breaking  User.best was removed",
            "breaking  operation \"Best\" is no longer in the manifest",
            "notable   upstreams.users.timeout is 500ms, and was 1s",
        ]
        for line in expected { #expect(lines.contains(line), "\(line)\n\(outcome.output)") }
        #expect(lines.contains { $0.hasPrefix("breaking  operation \"1\" no longer runs: Field \"user\"") })
        #expect(lines.contains { $0.hasPrefix("breaking  door \"GET /home/{id}\" no longer runs: Cannot query") })
        let json = try Self.diff(new, "--format", "json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let changes = try #require(report["changes"] as? [[String: String]])
        #expect(json.code == 1 && changes.count == lines.count - 1)
        #expect(
            changes[0] == ["severity": "breaking", "subject": "server.limits.body", "message": "is 1MiB, and was 2MiB"])
        #expect(report["breaking"] as? Int == changes.count { $0["severity"] == "breaking" })
    }

    @Test func `one that can't be read is said`() throws {
        let outcome = try Self.diff(["new.yaml": "server: {lissten: 1}"])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("new.yaml:1:10: error: unknown key \"lissten\""))
    }

    @Test(arguments: [["diff"], ["diff", "a"], ["diff", "a", "b", "c"], ["diff", "--config", "a", "b"]])
    func `wrong usage`(words: [String]) throws {
        #expect(try Program.run(words).code == 2)
    }
}
