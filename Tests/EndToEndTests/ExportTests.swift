import Foundation
import TestSupport
import Testing

/// What `sluice export openapi` prints, judged by openapi-spec-validator; and what the doors answer, judged by that.
@Suite("REST doors, exported as OpenAPI")
struct ExportTests {
    private static let files = [
        "schema.graphql": """
        type Query {
          user(id: ID!): User @rest(route: "users.get")
          found(text: String, kinds: [Kind!] = [PERSON], size: Size): [Found!] @rest(route: "search", at: "hits")
        }
        type Mutation { rename(id: ID!, name: String!): User @rest(route: "users.rename") }
        "Somebody."
        type User {
          id: ID!
          name: String! @from(path: "profile.name")
          nickname: String @deprecated(reason: "Use name.")
          age: Int
          score: Float
          kind: Kind!
          tags: [String!]
          anything: Any
          friends: [User!]
          best: User
          secret: String @hide(on: ["tv"])
          salary: Int @auth(roles: ["admin"])
          posts: [Found!] @rest(route: "search", with: {text: "$this.id"}, at: "hits")
        }
        enum Kind { PERSON ROBOT }
        scalar Any @specifiedBy(url: "https://example.com/any")
        input Size { width: Int! = 5, height: Int, unit: Kind }
        interface Found @kind(path: "type", map: {Page: "page", Hit: "hit"}) { title: String! }
        type Page implements Found { title: String! url: String }
        type Hit implements Found { title: String! user: User @rest(route: "users.get", with: {id: "$this.user"}) }
        """,
        "home.graphql": """
        "Everything for the first page."
        query Home($id: ID!, $text: String = "a", $withFound: Boolean = false, $kinds: [Kind!], $size: Size) {
          me: user(id: $id) { __typename ...Name friends { name best { ...Name } } ... @include(if: $withFound) { age } }
          found(text: $text, kinds: $kinds, size: $size) @include(if: $withFound) { ...Any }
        }
        fragment Name on User { id name kind }
        fragment Any on Found { __typename title ... on Page { url } ... on Hit { user { name } } }
        """,
        "rename.graphql": "mutation($user: ID!, $name: String!) { rename(id: $user, name: $name) { name } }",
    ]

    /// 32 bytes of no secret.
    private static let key = String(repeating: "A", count: 43)

    private static func configuration(_ port: UInt16) -> String {
        """
        server: {listen: "127.0.0.1:0"}
        admin: {listen: "127.0.0.1:0"}
        graphql: {schemas: [schema.graphql]}
        auth:
          jwt:
            - {keys: [{kty: oct, alg: HS256, k: "\(key)"}]}
            - {header: x-token, cookie: "a!b", keys: [{kty: oct, alg: HS256, k: "\(key)"}]}
        upstreams: {users: {url: "http://127.0.0.1:\(port)", timeout: 5s, breaker: {}}}
        routes:
          users.get: {upstream: users, request: "GET /users/{id}", headers: {set: {x-tenant: $header.x-tenant}}}
          users.list: {upstream: users, request: "GET /users?ids={ids:,}&after={after}"}
          users.rename: {upstream: users, request: "POST /users/{id}", body: {name: $args.name}}
          search: {upstream: users, request: "GET /search?q={text}"}
        rest:
          "GET /users/{id}": {route: users.get, shape: User}
          "POST /users/{user}": {operation: rename.graphql}
          "GET /users": {route: users.list, shape: User}
          "GET /found": {route: search, shape: Found}
          "GET /": {route: search}
          "GET /raw/{id}": {route: users.get, drop: {tv: ["a.b"]}}
          "GET /one": {route: users.get, public: true}
          "GET /admin/{id}": {route: users.get, shape: User, require: {roles: [admin, root], scopes: [read]}}
          "GET /home/{id}": {operation: home.graphql}
          "ANY /all/{path...}": {upstream: users, rewrite: "/{path}"}
          "GET /all/{rest...}": {upstream: users, rewrite: "/{rest}"}
        profiles: {default: web, header: x-device-profile, web: {lists: {default: 3}}, tv: {drop: [User.age]}}
        """
    }

    private static let user =
        #"{"id": 1, "profile": {"name": "Ann"}, "age": null, "score": 1, "kind": "ROBOT", "tags": ["a"], "anything": {"x": 1}, "friends": [{"id": "2", "profile": {"name": "Bob"}, "kind": "PERSON", "best": null}], "best": {"id": 3, "profile": {"name": "Eve"}, "kind": "PERSON"}}"#

    private static func upstream() -> ScriptedUpstream {
        ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let length = head.firstMatch(of: #/(?i)content-length: (\d+)/#).flatMap { Int($0.output.1) } ?? 0
                _ = try peer.readBody(length)
                let line = head.prefix { $0 != "\r\n" }
                if line.contains("/users/9 ") {
                    try peer.send(answer("{}", status: "404 Not Found"))
                } else if line.contains("/users/8 ") {
                    try peer.send(answer("{}", status: "500 Internal Server Error"))
                } else if line.contains("/users/7 ") {
                    try peer.send("HTTP/1.1 204 No Content\r\n\r\n")
                } else if line.contains("/search") {
                    try peer.send(
                        answer(
                            #"{"title": "T", "type": "page", "hits": [{"type": "page", "title": "T"}, {"type": "hit", "title": "H", "user": 1}]}"#
                        ))
                } else {
                    try peer.send(answer(line.contains("/users?") ? "[\(user)]" : user))
                }
            }
        }
    }

    /// Requests, and the path by which the document has each.
    private static let requests: [(method: String, target: String, path: String, status: Int)] = [
        ("GET", "/users/1", "/users/{id}", 200), ("GET", "/users/7", "/users/{id}", 204),
        ("GET", "/users/8", "/users/{id}", 502), ("GET", "/users/9", "/users/{id}", 404),
        ("GET", "/users?ids=1&ids=2", "/users", 200), ("GET", "/found?text=a", "/found", 200), ("GET", "/", "/", 200),
        ("GET", "/raw/1", "/raw/{id}", 200), ("GET", "/one?id=1", "/one", 200), ("GET", "/one", "/one", 400),
        ("GET", "/admin/1", "/admin/{id}", 401),
        ("GET", "/home/1", "/home/{id}", 200), ("GET", "/home/8", "/home/{id}", 200),
        ("GET", "/home/1?withFound=true&kinds=ROBOT&size=%7B%22height%22%3A4%7D", "/home/{id}", 200),
        ("GET", "/home/1?withFound=perhaps", "/home/{id}", 400),
        ("POST", "/users/1?name=Ann", "/users/{id}", 200), ("GET", "/all/users/1", "/all/{path}", 200),
        ("GET", "/all/users/8", "/all/{path}", 500), ("PUT", "/all/users/1", "/all/{path}", 200),
    ]

    @Test func `the document is valid, and every answer is as it says`() throws {
        let upstream = Self.upstream()
        let gateway = try ServedGateway(Self.files.merging(["gateway.yaml": Self.configuration(upstream.port)]) { $1 })
        let exported = try Tool.run(
            BuiltCommand.url.path, "export", "openapi", "--config",
            try #require(gateway.folder).appending(path: "gateway.yaml").path, "--title", "Users", "--api-version",
            "2.1")
        #expect(exported.status == 0)
        // Warnings about the configuration stand before it.
        let start = try #require(exported.text.firstRange(of: "{\n  \"openapi\""))
        let text = exported.text[start.lowerBound...]
        let document = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        var answers: [[String: Any]] = []
        for request in Self.requests {
            let answer = try gateway.request(request.method, request.target)
            #expect(answer.status == request.status, "\(request.target): \(answer.text)")
            let type = answer.field("content-type").map { String($0.prefix { $0 != ";" }) } ?? ""
            let body =
                type.isEmpty
                ? NSNull() : try JSONSerialization.jsonObject(with: Data(answer.body), options: .fragmentsAllowed)
            // With a passthrough door the documented variable is the first door's.
            let path = request.path == "/all/{path}" ? "/all/{rest}" : request.path
            answers.append([
                "method": request.method.lowercased(), "path": path, "status": answer.status, "type": type,
                "body": body,
            ])
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/openapi_answers.py")
        let work = try JSONSerialization.data(withJSONObject: ["document": document, "answers": answers])
        #expect(try String(decoding: Python.run([script.path], input: work), as: UTF8.self) == "")
    }
}
