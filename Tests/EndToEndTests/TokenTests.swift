import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Contract §7: tokens and who may see what")
struct TokenTests {
    /// An upstream that notes what it is asked.
    final class Service {
        let requests = Recorder<String>()
        let upstream: ScriptedUpstream

        init() {
            upstream = ScriptedUpstream { [requests] peer, _ in
                while let head = try peer.readRequest() {
                    requests.add(String(head.prefix { !$0.isNewline }))
                    try peer.send(
                        answer(
                            #"{"id": "7", "name": "Ann", "mail": "a@b", "salary": 9, "vault": {"gold": 1}, "kind": "Spy"}"#
                        ))
                }
            }
        }
    }

    static let schema = """
        type Query {
          me: User @rest(route: "user", with: {id: "$claims.sub"})
          deep: User @rest(route: "user", with: {id: "$claims.org.unit.id"})
          user(id: ID!): User @rest(route: "user")
          vault: Vault @rest(route: "vault")
          must: Int! @rest(route: "vault") @auth
          anyone: Being @rest(route: "user", with: {id: "1"})
        }
        interface Being @kind(path: "kind") { name: String }
        type Spy implements Being @auth(roles: ["admin"]) { name: String }
        type User {
          id: ID! name: String
          mail: String @auth(roles: ["admin", "reader"], scopes: ["read:mail"])
          salary: Int @auth(roles: ["admin"])
          salaries: Vault @rest(route: "salary", with: {id: "$this.id"}) @auth(roles: ["admin"])
        }
        type Vault @auth(roles: ["admin"]) { gold: Int }
        """

    private func gateway(
        _ service: Service, auth: String? = nil, more: String = "", schema: String = TokenTests.schema
    ) throws -> ServedGateway {
        let tokens = try Tokens.made.get()
        var files = tokens.files
        files["schema.graphql"] = schema
        files["gateway.yaml"] = """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {users: {url: "http://127.0.0.1:\(service.upstream.port)"}}
            routes:
              user: {upstream: users, request: "GET /users/{id}"}
              mine: {upstream: users, request: "GET /users/{id}", headers: {set: {x-who: "$claims.sub"}}}
              vault: {upstream: users, request: "GET /vault"}
              salary: {upstream: users, request: "GET /salary/{id}"}
            rest:
              "GET /users/{id}": {route: user, shape: User}
              "GET /mine/{id}": {route: mine}
              "GET /admins": {route: vault, require: {roles: [admin], scopes: [read:mail]}}
              "ANY /raw/{path...}": {upstream: users, rewrite: "/{path}"}
              "GET /open": {route: vault, public: true}
            auth: \(auth ?? "{jwt: \(Tokens.issuer)}")
            \(more)
            """
        return try ServedGateway(files)
    }

    @Test func `a token is believed or it is 401 at every door, and nothing goes upstream`() throws {
        let tokens = try Tokens.made.get()
        let service = Service()
        let gateway = try gateway(service)
        for (name, token) in tokens.byName.sorted(by: { $0.key < $1.key }) {
            let isGood = name.hasPrefix("good") || name.hasPrefix("is ")
            let fields = ["Authorization: Bearer \(token)"]
            for _ in 1...2 {
                let before = service.requests.all.count
                let answers = [
                    try gateway.request("GET", "/users/7", fields: fields),
                    try gateway.post(#"{"query": "{ user(id: 7) { name } }"}"#, fields: fields),
                    try gateway.request("GET", "/raw/x", fields: fields),
                ]
                for answer in answers {
                    #expect(answer.status == (isGood ? 200 : 401), "\(name): \(answer.text)")
                    if isGood { continue }
                    #expect(answer.field("www-authenticate") == #"Bearer error="invalid_token""#, "\(name)")
                    #expect(answer.text.contains("UNAUTHENTICATED"), "\(name)")
                }
                #expect(service.requests.all.count == before + (isGood ? 3 : 0), "\(name)")
            }
        }
        // A megabyte is more than a request's head may have.
        #expect(
            try gateway.request(
                "GET", "/users/7", fields: ["Authorization: Bearer \(String(repeating: "a", count: 1 << 20))"]
            ).status == 431)
        let twice = try tokens.field("good RS256")
        #expect(try gateway.request("GET", "/users/7", fields: [twice, twice]).status == 401)
        #expect(try gateway.request("GET", "/users/7", fields: ["Authorization: Basic YTpi"]).status == 200)
    }

    @Test(
        arguments: [
            ("expired", "expired"), ("not yet", "not-yet-valid"), ("wrong issuer", "issuer"), ("no issuer", "issuer"),
            ("wrong audience", "audience"), ("another key's", "signature"), ("none", "algorithm"),
            ("unknown kid", "unknown-key"), ("critical header", "critical-header"), ("truncated", "malformed"),
            ("two parts", "malformed"),
        ])
    func `the access line says why a token was refused, and the client isn't told`(name: String, why: String) throws {
        let tokens = try Tokens.made.get()
        let gateway = try gateway(Service())
        let answer = try gateway.request("GET", "/users/7", fields: [tokens.field(name)])
        #expect(answer.status == 401 && !answer.text.contains(why))
        let line = try #require(gateway.line(with: "\"msg\":\"access\""))
        #expect(line.contains("\"refused_token\":\"\(why)\""), "\(line)")
    }

    @Test func `claims stand in requests, and a missing one is UNAUTHENTICATED`() throws {
        let tokens = try Tokens.made.get()
        let service = Service()
        let gateway = try gateway(service)
        #expect(try gateway.query("{ me { id } }", fields: [tokens.field("is user 8")]).failures.isEmpty)
        #expect(try gateway.query("{ deep { id } }", fields: [tokens.field("is user 8")]).failures.isEmpty)
        #expect(service.requests.all == ["GET /users/8 HTTP/1.1", "GET /users/42 HTTP/1.1"])
        let unusable = [nil, "is no sub", "is dots sub", "is object sub"]
        for name in unusable {
            let fields = try name.map { [try tokens.field($0)] } ?? []
            let answer = try gateway.query("{ me { id } }", fields: fields)
            #expect(answer.failures == [.init(path: ["me"], code: "UNAUTHENTICATED")], "\(name ?? "none")")
        }
        let anonymous = try gateway.query("{ deep { id } }").text
        #expect(anonymous.contains(#"\"id\" is the claim \"org.unit.id\" of a token, and the request has none"#))
        #expect(service.requests.all.count == 2)
    }

    @Test func `a field under @auth is null with an error, and its call is not made`() throws {
        let tokens = try Tokens.made.get()
        let service = Service()
        let gateway = try gateway(service)
        let query = "{ user(id: 7) { name mail salary salaries { gold } } vault { gold } }"
        let anonymous = try gateway.query(query)
        #expect(anonymous.status == 200)
        #expect(
            anonymous.failures == [
                .init(path: ["user", "mail"], code: "UNAUTHENTICATED"),
                .init(path: ["user", "salary"], code: "UNAUTHENTICATED"),
                .init(path: ["user", "salaries"], code: "UNAUTHENTICATED"),
                .init(path: ["vault"], code: "UNAUTHENTICATED"),
            ])
        #expect(anonymous.value("user", "name") as? String == "Ann")
        #expect(service.requests.all == ["GET /users/7 HTTP/1.1"])
        let reader = try gateway.query(query, fields: [tokens.field("is reader")])
        #expect(
            reader.failures == [
                .init(path: ["user", "salary"], code: "FORBIDDEN"),
                .init(path: ["user", "salaries"], code: "FORBIDDEN"), .init(path: ["vault"], code: "FORBIDDEN"),
            ])
        #expect(reader.value("user", "mail") as? String == "a@b")
        #expect(service.requests.all.count == 2)
        let mailer = try gateway.query(query, fields: [tokens.field("is mailer")])
        #expect(mailer.failures.isEmpty, "\(mailer.text)")
        #expect(service.requests.all.count == 5)
        // Roles without the scope.
        let admin = try gateway.query("{ user(id: 7) { mail } }", fields: [tokens.field("is admin")])
        #expect(admin.failures == [.init(path: ["user", "mail"], code: "FORBIDDEN")])
        // Non-Null propagates.
        let must = try gateway.query("{ must }")
        #expect(must.text.contains(#""data":null"#))
        #expect(must.failures == [.init(path: ["must"], code: "UNAUTHENTICATED")])
        // A type under @auth at an abstract position: each of its fields.
        let spy = try gateway.query("{ anyone { name } }")
        #expect(spy.failures == [.init(path: ["anyone", "name"], code: "UNAUTHENTICATED")])
    }

    @Test func `what a caller may not see is not suggested`() throws {
        let tokens = try Tokens.made.get()
        let gateway = try gateway(Service())
        let query = #"{"query": "{ user(id: 7) { salar } }"}"#
        #expect(try !gateway.post(query).text.contains("salary"))
        #expect(try gateway.post(query, fields: [tokens.field("is admin")]).text.contains("salary"))
    }

    @Test func `doors ask for roles and scopes, and shapes leave out what a caller may not read`() throws {
        let tokens = try Tokens.made.get()
        let service = Service()
        let gateway = try gateway(service)
        let anonymous = try gateway.request("GET", "/admins")
        #expect(anonymous.status == 401)
        #expect(anonymous.field("content-type") == "application/problem+json")
        #expect(try gateway.request("GET", "/admins", fields: [tokens.field("is reader")]).status == 403)
        #expect(service.requests.all.isEmpty)
        #expect(try gateway.request("GET", "/admins", fields: [tokens.field("is mailer")]).status == 200)
        #expect(try gateway.request("GET", "/users/7").text == #"{"id":"7","name":"Ann"}"#)
        #expect(
            try gateway.request("GET", "/users/7", fields: [tokens.field("is admin")]).text
                == #"{"id":"7","name":"Ann","salary":9}"#)
    }

    @Test func `what says nothing needs a token under auth.default deny`() throws {
        let tokens = try Tokens.made.get()
        let service = Service()
        let gateway = try gateway(
            service, auth: "{default: deny, jwt: \(Tokens.issuer)}",
            schema: """
                type Query {
                  user: User @rest(route: "vault")
                  open: User @rest(route: "vault") @public
                }
                type User { name: String }
                """)
        let answer = try gateway.query("{ user { name } open { name } }")
        #expect(answer.failures == [.init(path: ["user"], code: "UNAUTHENTICATED")])
        #expect(answer.value("open", "name") as? String == "Ann")
        #expect(try gateway.query("{ user { name } }", fields: [tokens.field("good RS256")]).failures.isEmpty)
        #expect(try gateway.request("GET", "/raw/x").status == 401)
        #expect(try gateway.request("GET", "/raw/x", fields: [tokens.field("good RS256")]).status == 200)
        #expect(try gateway.request("GET", "/open").status == 200)
    }

    @Test func `a token may stand in a header or a cookie of its own`() throws {
        let tokens = try Tokens.made.get()
        let token = try #require(tokens.byName["good RS256"])
        let auth = "{jwt: {jwks: keys.json, header: x-token, cookie: session}}"
        let service = Service()
        let gateway = try gateway(service, auth: auth)
        for field in ["X-Token: \(token)", "x-token: Bearer \(token)", "Cookie: a=b; session=\(token)"] {
            #expect(try gateway.query("{ me { id } }", fields: [field]).failures.isEmpty, "\(field.prefix(20))")
        }
        #expect(try gateway.query("{ me { id } }", fields: ["Cookie: session="]).failures.count == 1)
        #expect(try gateway.request("GET", "/users/7", fields: ["Cookie: session=\(token)x"]).status == 401)
        // Nobody reads it there.
        #expect(try gateway.query("{ me { id } }", fields: ["Authorization: Bearer \(token)"]).failures.count == 1)
    }
}
