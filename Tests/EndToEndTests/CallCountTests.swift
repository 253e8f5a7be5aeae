import Foundation
import TestSupport
import Testing

/// The gateway as it is compared with its peers, over an upstream that counts.
@Suite("What an operation asks of its upstreams")
struct CallCountTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func image(_ size: Int) -> String {
        "{\"url\":\"https://cdn.example/\(size).jpg\",\"width\":\(size),\"height\":\(size)}"
    }

    static func user(_ id: Int) -> String {
        """
        {"id":"\(id)","name":"User \(id)","verified":true,"secret":"s","avatar":{"small":\(image(48)),\
        "medium":\(image(128)),"large":\(image(512))}}
        """
    }

    static func post(_ id: Int, author: Int) -> String {
        """
        {"id":"\(id)","authorId":"\(author)","title":"Post \(id)","likes":\(id),"createdAt":"2026-01-01T00:00:00Z",\
        "cover":\(image(1200))}
        """
    }

    static func recommendation(_ id: Int) -> String {
        """
        {"productId":"\(id)","title":"R","score":0.5,"price":{"amount":9.5,"currency":"CHF"},\
        "images":{"small":\(image(160)),"medium":\(image(320)),"large":\(image(1280))}}
        """
    }

    static func body(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        if path == "/users" {
            let ids = target.split(separator: "=").last?.replacing("%2C", with: ",").split(separator: ",") ?? []
            return "[" + ids.compactMap { Int($0) }.map(user).joined(separator: ",") + "]"
        }
        if path.hasPrefix("/feed/") {
            return "{\"items\":[" + (0..<20).map { post($0, author: $0) }.joined(separator: ",") + "]}"
        }
        if path.hasSuffix("/posts") {
            return "{\"items\":[" + (0..<20).map { post($0, author: 1) }.joined(separator: ",") + "]}"
        }
        if path.hasPrefix("/recommendations/") {
            return "{\"items\":[" + (0..<28).map(recommendation).joined(separator: ",") + "]}"
        }
        return user(7)
    }

    static func counting() -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let words = head.split(separator: " ")
                try peer.send(answer(body(String(words[1]))))
            }
        }
    }

    static func targets(_ upstream: ScriptedUpstream) -> [String] {
        upstream.heads.all.map { String($0.split(separator: " ")[1]) }.sorted()
    }

    static func queries() throws -> [String: String] {
        [
            "home": """
            query Home($id: ID!) { user(id: $id) { id name verified avatar { medium { url } } } posts(userId: $id) \
            { id title likes createdAt cover { url } } recommendations(userId: $id) { productId title score price \
            { amount currency } images { small { url } } } }
            """,
            "feed": "query Feed($id: ID!) { feed(id: $id) { items { id title author { id name } } } }",
        ]
    }

    private func gateway(_ upstream: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway(
            configuration: Self.root.appending(path: "Benchmarks/peer/gateway.yaml"),
            environment: ["PORT": "0", "ADMIN_PORT": "0", "UPSTREAM": "127.0.0.1:\(upstream.port)"])
    }

    @Test func `a home screen asks each of its three services exactly once`() throws {
        let upstream = Self.counting()
        let gateway = try gateway(upstream)
        let answer = try gateway.query(try #require(try Self.queries()["home"]), variables: #"{"id": "7"}"#)
        #expect(answer.failures.isEmpty)
        #expect((answer.value("recommendations") as? [Any])?.count == 28)
        #expect(Self.targets(upstream) == ["/recommendations/7", "/users/7", "/users/7/posts"])
    }

    @Test func `a feed fetches its twenty authors in one call`() throws {
        let upstream = Self.counting()
        let gateway = try gateway(upstream)
        let answer = try gateway.query(try #require(try Self.queries()["feed"]), variables: #"{"id": "3"}"#)
        #expect(answer.failures.isEmpty)
        let items = try #require(answer.value("feed", "items") as? [[String: Any]])
        #expect(items.count == 20)
        for (index, item) in items.enumerated() {
            #expect((item["author"] as? [String: Any])?["name"] as? String == "User \(index)")
        }
        let targets = Self.targets(upstream)
        #expect(targets.count == 2 && targets[0] == "/feed/3")
        let ids = targets[1].replacing("%2C", with: ",")
        #expect(ids == "/users?ids=" + (0..<20).map(String.init).joined(separator: ","))
    }

    @Test func `the same call under two names is made once`() throws {
        let upstream = Self.counting()
        let gateway = try gateway(upstream)
        let answer = try gateway.query("{ a: user(id: 1) { name } b: user(id: \"1\") { id verified } }")
        #expect(answer.failures.isEmpty)
        #expect(Self.targets(upstream) == ["/users/1"])
    }
}
