import Foundation
import TestSupport
import Testing

/// Values that would begin a line of their own, at every place where a client's value goes into a request to an upstream.
@Suite("No value of a client makes a line of its own")
struct InjectionTests {
    static let schema = """
        type Query {
          path(id: ID!): Thing @rest(route: "path")
          query(id: ID, ids: [ID!]): Thing @rest(route: "query")
          header(id: ID): Thing @rest(route: "header")
          body(id: ID): Thing @rest(route: "body")
        }
        type Thing { name: String }
        """

    private func gateway(_ upstream: ScriptedUpstream) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            graphql: {schemas: [schema.graphql]}
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)", headers: {forward: [x-free, accept-language]}}}
            routes:
              path: {upstream: things, request: "GET /things/{id}"}
              query: {upstream: things, request: "GET /things?id={id}&ids={ids:,}"}
              header: {upstream: things, request: "GET /things", headers: {set: {x-own: "a {id} b", x-whole: $args.id}}}
              body: {upstream: things, request: "POST /things", body: {id: $args.id}}
            rest:
              "GET /path/{id}": {route: path}
              "GET /query": {route: query}
              "GET /header": {route: header}
              "ANY /through/{path...}": {upstream: things, rewrite: "/{path}"}
            """,
            "schema.graphql": Self.schema,
        ])
    }

    static let values = [
        "a\r\nInjected: yes", "a\nInjected: yes", "a\rInjected: yes",
        "a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "a\u{0}b", "\u{2028}Injected: yes", "\u{560D}\u{560A}Injected: yes", "a HTTP/1.1", "a?b#c&d", "../admin", "..",
        "%0d%0aInjected:yes",
    ]

    @Test func `every template position`() throws {
        let upstream = ScriptedUpstream { peer, _ in
            while let head = try peer.readRequest() {
                let length = head.split(whereSeparator: \.isNewline).first {
                    $0.lowercased().hasPrefix("content-length:")
                }
                if let count = length?.split(separator: " ").last.flatMap({ Int($0) }) { _ = try peer.readBody(count) }
                try peer.send(answer("{\"name\": \"well\"}"))
            }
        }
        let gateway = try gateway(upstream)
        for value in Self.values {
            let variables = "{\"id\": \(ServedGateway.quoted(value)), \"ids\": [\(ServedGateway.quoted(value))]}"
            for field in ["path(id: $id)", "query(id: $id, ids: $ids)", "header(id: $id)", "body(id: $id)"] {
                let usesList = field.contains("$ids")
                _ = try gateway.query(
                    "query($id: ID!\(usesList ? ", $ids: [ID!]" : "")) { \(field) { name } }", variables: variables)
            }
            let encoded = value.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            for target in [
                "/path/\(encoded)", "/query?id=\(encoded)&ids=\(encoded)", "/header?id=\(encoded)",
                "/through/\(encoded)",
            ] {
                _ = try gateway.request("GET", target)
            }
        }
        // Fields that are passed on or read hold no line end, so what is left is what they may hold.
        for field in [
            "X-Free", "X-Request-Id", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Traceparent",
            "X-Device-Profile", "X-Request-Timeout-Ms",
        ] {
            for value in ["a Injected: yes", "\u{560D}\u{560A}Injected: yes", "a, b; c=\"d\""] {
                _ = try gateway.request("GET", "/path/1", fields: ["\(field): \(value)"])
                _ = try gateway.request("GET", "/through/1", fields: ["\(field): \(value)"])
            }
        }
        let heads = upstream.heads.all
        #expect(heads.count > 60)
        let known: Set = [
            "host", "x-request-id", "x-request-timeout-ms", "x-own", "x-whole", "x-free", "content-length",
            "content-type", "connection",
            "accept", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "traceparent", "x-device-profile",
        ]
        for head in heads {
            let lines = head.replacing("\r\n\r\n", with: "").split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines[0].split(separator: " ").count == 3, "\(head)")
            #expect(!lines[0].contains("smuggled") || lines[0].contains("%20"), "\(head)")
            for line in lines.dropFirst() {
                let name = line.prefix { $0 != ":" }.lowercased()
                #expect(known.contains(name), "\(head)")
                #expect(!line.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }, "\(head)")
            }
        }
    }

    @Test func `a redirect is never followed, and the upstream's host is always the route's`() throws {
        let stranger = ScriptedUpstream(always: answer("{\"name\": \"stranger\"}"))
        let upstream = ScriptedUpstream(
            always: answer("{}", status: "302 Found", fields: "Location: http://127.0.0.1:\(stranger.port)/\r\n"))
        let gateway = try gateway(upstream)
        for value in ["//127.0.0.1:\(stranger.port)/", "@127.0.0.1:\(stranger.port)", "\\\\127.0.0.1:\(stranger.port)"]
        {
            _ = try gateway.query(
                "query($id: ID!) { path(id: $id) { name } }", variables: "{\"id\": \(ServedGateway.quoted(value))}")
            _ = try? gateway.request("GET", "/through/" + value)
            _ = try? gateway.request("GET", "http://127.0.0.1:\(stranger.port)/through/x")
        }
        #expect(stranger.heads.all.isEmpty)
        #expect(!upstream.heads.all.isEmpty)
    }

    @Test func `nothing that a client says in confidence stands in the log`() throws {
        let upstream = ScriptedUpstream(
            always: answer("{\"name\": \"SECRET-answer\"}", fields: "Set-Cookie: SECRET-cookie\r\n"))
        let gateway = try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0"}
            admin: {listen: "127.0.0.1:0"}
            telemetry: {logs: {level: debug}}
            graphql: {schemas: [schema.graphql]}
            upstreams:
              things: {url: "http://user.invalid:1", headers: {forward: [authorization, cookie]}}
              there: {url: "http://127.0.0.1:\(upstream.port)"}
            routes:
              path: {upstream: things, request: "GET /things/{id}?token=SECRET-configured"}
              query: {upstream: there, request: "GET /things?id={id}&ids={ids:,}"}
              header: {upstream: there, request: "GET /things", headers: {set: {authorization: "Bearer SECRET-own"}}}
              body: {upstream: there, request: "POST /things", body: {id: $args.id}}
            rest:
              "GET /query": {route: query}
              "ANY /through/{path...}": {upstream: there, rewrite: "/{path}"}
              "ANY /nowhere/{path...}": {upstream: things, rewrite: "/{path}"}
            """,
            "schema.graphql": Self.schema,
        ])
        let fields = ["Authorization: Bearer SECRET-token", "Cookie: session=SECRET-session", "X-Api-Key: SECRET-key"]
        for field in ["path", "query", "header", "body"] {
            _ = try gateway.query(
                "query SECRETLY($id: ID!) { \(field)(id: $id) { name } }".replacing("SECRETLY", with: "Named"),
                variables: "{\"id\": \"SECRET-variable\"}", fields: fields)
        }
        _ = try gateway.post("{\"query\": \"{ SECRET-broken", fields: fields)
        _ = try gateway.query("{ path(id: {a: \"SECRET-literal\"}) { name } }", fields: fields)
        _ = try gateway.request("GET", "/query?id=SECRET-parameter", fields: fields)
        _ = try gateway.request("GET", "/through/x?token=SECRET-query", fields: fields)
        _ = try gateway.request("POST", "/nowhere/x", fields: fields, body: "SECRET-content")
        _ = try gateway.request("GET", "/query?id=%zz&SECRET-broken", fields: fields)
        let raw = try RawConnection(gateway.address)
        try raw.send("GET /SECRET\u{0} HTTP/1.1\r\nHost: SECRET\r\n\r\n")
        _ = try? raw.readToEnd()
        gateway.send(SIGTERM)
        let log = gateway.rest()
        #expect(log.contains("\"path\":\"/graphql\""))
        for line in log.split(whereSeparator: \.isNewline) { #expect(!line.contains("SECRET"), "\(line)") }
    }
}
