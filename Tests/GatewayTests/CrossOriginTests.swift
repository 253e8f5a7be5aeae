import Bytes
import Configuration
import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("CORS")
struct CrossOriginTests {
    static let upstream = ScriptedUpstream(answering: { _ in
        json(
            #"{"name": "well"}"#, "200 OK", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: false",
            "Vary: Accept-Encoding")
    })

    static let rest = """
        graphql: {schemas: [schema.graphql], limits: {depth: 2}}
        upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
        routes: {thing: {upstream: things, request: "GET /thing"}}
        rest:
          "GET /thing": {route: thing}
          "POST /thing": {route: thing}
          "ANY /any/{path...}": {upstream: things, rewrite: "/{path}"}
        profiles: {default: web, web: {}, tv: {}}
        """
    static let schema = "type Query { thing: Thing @rest(route: \"thing\") }\ntype Thing { name: String }"

    private func gateway(_ cors: String) throws -> RunningGateway {
        try RunningGateway(
            "\(cors.isEmpty ? "" : "cors: \(cors)")\n\(Self.rest)", files: ["schema.graphql": Self.schema])
    }

    static let mixed = """
        {origins: ["https://app.example", {origin: "https://*.shop.example", credentials: false, exposeHeaders: [x-a]},
          "http://localhost:*"], credentials: true}
        """

    /// Origins, and what an answer allows: the origin, and whether with credentials.
    static let origins: [(origin: String?, allowed: String?, credentials: String?)] = [
        (nil, nil, nil),
        ("https://app.example", "https://app.example", "true"),
        ("https://a.shop.example", "https://a.shop.example", nil),
        ("https://a.b-1.shop.example", "https://a.b-1.shop.example", nil),
        ("http://localhost:5173", "http://localhost:5173", "true"),
        ("http://app.example", nil, nil),
        ("https://app.example.evil.example", nil, nil),
        ("https://evilapp.example", nil, nil),
        ("https://shop.example", nil, nil),
        ("https://.shop.example", nil, nil),
        ("https://a..shop.example", nil, nil),
        ("https://evil.example/.shop.example", nil, nil),
        ("https://evil.example:1.shop.example", nil, nil),
        ("http://localhost:", nil, nil),
        ("http://localhost:80a", nil, nil),
        ("http://localhost:123456", nil, nil),
        ("null", nil, nil),
        ("*", nil, nil),
    ]

    /// Targets of each kind of door and of none, with the status of each.
    static let targets = [
        ("GET /graphql?query=%7Bthing%7Bname%7D%7D", 200), ("GET /graphql?query=%7B", 400), ("GET /thing", 200),
        ("PUT /thing", 405), ("GET /any/x", 200), ("GET /nothing", 404), ("GET /a/../b", 400),
    ]

    @Test(arguments: targets)
    func `every answer says whom it is for, and that it depends on who asks`(line: String, status: Int) throws {
        let gateway = try gateway(Self.mixed)
        for row in Self.origins {
            let response = try row.origin.map { try gateway.send(line, "Origin: \($0)") } ?? gateway.send(line)
            let name = row.origin ?? "none"
            #expect(response.status == status)
            #expect(response.fields("access-control-allow-origin") == (row.allowed.map { [$0] } ?? []), "\(name)")
            #expect(
                response.fields("access-control-allow-credentials") == (row.credentials.map { [$0] } ?? []), "\(name)")
            let varies = response.fields("vary").joined(separator: ", ").components(separatedBy: ", ")
            #expect(varies.filter { $0 == "Origin" }.count == 1, "\(name): \(varies)")
            if line.hasPrefix("GET /graphql") { #expect(varies.contains("x-device-profile"), "\(varies)") }
            if line.hasPrefix("GET /any") { #expect(varies.contains("Accept-Encoding"), "\(varies)") }
        }
        let exposed = try gateway.send(line, "Origin: https://app.example").field("access-control-expose-headers")
        #expect(exposed == "x-request-id, retry-after")
        let own = try gateway.send(line, "Origin: https://a.shop.example").field("access-control-expose-headers")
        #expect(own == "x-a")
    }

    @Test func `two origins are none`() throws {
        let gateway = try gateway(Self.mixed)
        let response = try gateway.send("GET /thing", "Origin: https://app.example", "Origin: https://app.example")
        #expect(response.fields("access-control-allow-origin").isEmpty)
    }

    @Test func `where every origin may read, the answer is the same for all`() throws {
        let gateway = try gateway("{origins: [\"*\"], exposeHeaders: []}")
        for fields in [[], ["Origin: https://any.example"]] {
            for (line, status) in Self.targets {
                let connection = try gateway.connect()
                try connection.send(([line + " HTTP/1.1", "Host: x"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
                let response = try connection.readResponse()
                #expect(response.status == status)
                #expect(response.fields("access-control-allow-origin") == ["*"])
                #expect(response.fields("access-control-allow-credentials").isEmpty)
                #expect(response.fields("access-control-expose-headers").isEmpty)
                #expect(!response.fields("vary").contains { $0.contains("Origin") })
            }
        }
        // Also what is refused before it is a request.
        let connection = try gateway.connect()
        try connection.send("GET / HTTP/1.1\r\n\r\n")
        #expect(try connection.readResponse().fields("access-control-allow-origin") == ["*"])
    }

    /// Doors, and the methods that a preflight is told.
    static let preflights = [
        ("/graphql", "GET, POST"), ("/thing", "GET, HEAD, POST, OPTIONS"),
        ("/any/x/y", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    ]

    @Test(arguments: preflights)
    func `a preflight is answered at every door`(path: String, methods: String) throws {
        let gateway = try gateway(
            "{origins: [\"https://app.example\", {origin: \"https://b.example\", methods: [put], headers: [x-b], "
                + "maxAge: 5s, privateNetwork: true}], credentials: true}")
        let asked = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type,x-a"]
        let local = "Access-Control-Request-Private-Network: true"
        let first = try gateway.send("OPTIONS \(path)", "Origin: https://app.example", asked[0], asked[1], local)
        #expect(first.status == 204 && first.body.isEmpty && first.field("allow") == methods)
        #expect(first.field("access-control-allow-origin") == "https://app.example")
        #expect(first.field("access-control-allow-credentials") == "true")
        #expect(first.field("access-control-allow-methods") == methods)
        #expect(first.field("access-control-allow-headers") == "content-type,x-a")
        #expect(first.field("access-control-max-age") == "600")
        #expect(first.field("access-control-allow-private-network") == nil)
        let second = try gateway.send("OPTIONS \(path)", "Origin: https://b.example", asked[0], asked[1], local)
        #expect(second.field("access-control-allow-methods") == "PUT")
        #expect(second.field("access-control-allow-headers") == "x-b")
        #expect(second.field("access-control-max-age") == "5")
        #expect(second.field("access-control-allow-private-network") == "true")
        let foreign = try gateway.send("OPTIONS \(path)", "Origin: https://evil.example", asked[0], asked[1], local)
        #expect(foreign.status == 204 && foreign.field("allow") == methods)
        #expect(!foreign.names.contains { $0.hasPrefix("access-control-") })
        #expect(foreign.fields("vary").contains("Origin"))
        #expect(!Self.upstream.requestLines.contains("OPTIONS /x/y"))
    }

    @Test func `a preflight where there is no door is 404, and an OPTIONS that is none is no preflight`() throws {
        let gateway = try gateway(Self.mixed)
        let asked = "Access-Control-Request-Method: POST"
        let lost = try gateway.send("OPTIONS /nothing", "Origin: https://app.example", asked)
        #expect(lost.status == 404 && lost.field("access-control-allow-origin") == "https://app.example")
        let own = try gateway.send("OPTIONS /thing", "Origin: https://app.example")
        #expect(own.status == 204 && own.field("access-control-allow-methods") == nil)
        #expect(try gateway.send("OPTIONS /any/x", "Origin: https://app.example").status == 200)
        #expect(try gateway.send("OPTIONS /graphql", "Origin: https://app.example").status == 405)
    }

    @Test func `without cors nothing is said, and a passthrough's own word passes`() throws {
        let gateway = try gateway("")
        let own = try gateway.send("GET /thing", "Origin: https://app.example")
        #expect(!own.names.contains { $0.hasPrefix("access-control-") || $0 == "vary" })
        let passed = try gateway.send("GET /any/x", "Origin: https://app.example")
        #expect(passed.fields("access-control-allow-origin") == ["*"])
    }
}

extension RawConnection.Response {
    /// The names of all fields, in lower case.
    var names: [String] { lines.dropFirst().map { $0.prefix { $0 != ":" }.lowercased() } }
}

@Suite("Cross-site requests with cookies")
struct CrossSiteTests {
    static let upstream = ScriptedUpstream(answering: { _ in json(#"{"name": "well"}"#) })

    private func gateway(forward: String, with: String = "") throws -> RunningGateway {
        try RunningGateway(
            """
            graphql: {schemas: [schema.graphql]}
            cors: {origins: ["https://app.example", {origin: "https://read.example", credentials: false}], credentials: true}
            upstreams: {things: {url: "http://127.0.0.1:\(Self.upstream.port)", headers: {forward: \(forward)}}}
            routes:
              thing: {upstream: things, request: "GET /thing?c={c}"}
              make: {upstream: things, request: "POST /thing"}
            rest:
              "POST /make": {route: make}
              "GET /thing": {route: thing}
              "ANY /any/{path...}": {upstream: things, rewrite: "/{path}"}
            """,
            files: [
                "schema.graphql":
                    "type Query { thing(c: String): Thing @rest(route: \"thing\"\(with)) }\ntype Thing { name: String }"
            ])
    }

    static let get = "GET /graphql?query=%7Bthing%7Bname%7D%7D"
    static let cookie = "Cookie: session=1"

    /// Fields beside a cookie, and whether the request is served.
    static let requests: [(fields: [String], isServed: Bool)] = [
        ([], false),
        (["Sec-Fetch-Site: cross-site"], false),
        (["Sec-Fetch-Site: same-site"], false),
        (["Sec-Fetch-Site: same-origin"], true),
        (["Sec-Fetch-Site: none"], true),
        (["Sec-Fetch-Site: cross-site", "apollo-require-preflight: true"], true),
        (["X-Apollo-Operation-Name: Home"], true),
        (["X-Requested-With: XMLHttpRequest"], true),
        (["apollo-require-preflight: "], false),
        (["Content-Type: application/json"], true),
        (["Content-Type: text/plain; application/json"], false),
        (["Content-Type: multipart/form-data; boundary=x"], false),
        (["Content-Type: APPLICATION/x-www-form-urlencoded"], false),
        (["Origin: http://gateway.test"], true),
        (["Origin: https://gateway.test"], true),
        (["Origin: http://gateway.test.evil.example"], false),
        (["Origin: null"], false),
        (["Origin: http://gateway.test", "Sec-Fetch-Site: cross-site"], false),
        (["Origin: https://app.example", "Sec-Fetch-Site: cross-site"], true),
        (["Origin: https://app.example"], true),
        (["Origin: https://read.example"], false),
        (["Origin: https://evil.example"], false),
    ]

    @Test func `a request that a foreign page could make is refused where cookies count`() throws {
        let gateway = try gateway(forward: "[cookie]")
        for row in Self.requests {
            let head = ["Host: gateway.test", Self.cookie] + row.fields
            for line in [Self.get, "POST /make"] {
                let connection = try gateway.connect()
                try connection.send(([line + " HTTP/1.1"] + head).joined(separator: "\r\n") + "\r\n\r\n")
                let response = try connection.readResponse()
                #expect(response.status == (row.isServed ? 200 : 403), "\(line) \(row.fields)")
                #expect(row.isServed || response.text.contains("apollo-require-preflight"))
                #expect(row.isServed || response.code == "FORBIDDEN")
            }
        }
    }

    @Test func `whoever sends no cookie is served, and so is whoever can't be mistaken for a form`() throws {
        let gateway = try gateway(forward: "[cookie]")
        #expect(try gateway.send(Self.get).status == 200)
        #expect(try gateway.send(Self.get, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example").status == 200)
        #expect(try gateway.send("POST /make").status == 200)
        #expect(try gateway.send("GET /thing?c=1", Self.cookie, "Sec-Fetch-Site: cross-site").status == 200)
        #expect(try gateway.send("POST /any/x", Self.cookie, "Sec-Fetch-Site: cross-site").status == 200)
    }

    @Test(arguments: [("[accept-language]", "", 200), ("[]", #", with: {c: "$header.cookie"}"#, 403)])
    func `cookies count where something reads them`(forward: String, with: String, status: Int) throws {
        let gateway = try gateway(forward: forward, with: with)
        #expect(try gateway.send(Self.get, Self.cookie, "Sec-Fetch-Site: cross-site").status == status)
    }
}
