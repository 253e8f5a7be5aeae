import Foundation
import TestSupport
import Testing

@testable import Gateway

/// A gateway over one upstream, with a manifest of its own where a test gives one.
final class PersistedGateway {
    static let schema = """
        type Query { thing(id: ID): Thing @rest(route: "thing") }
        type Mutation { make: Thing @rest(route: "make") }
        type Thing { name: String inner: Thing }
        """

    let upstream = ScriptedUpstream(answering: { _ in json(#"{"name": "well", "inner": {"name": "in"}}"#) })
    let gateway: RunningGateway

    init(
        _ persisted: String = "", profile: String = "compatible", limits: String = "{}", doors: String = "",
        introspection: Bool = true, shards: Int = 1, files: [String: String] = [:]
    ) throws {
        let schema = ["schema.graphql": Self.schema]
        gateway = try RunningGateway(
            """
            graphql:
              schemas: [schema.graphql]
              statusProfile: \(profile)
              limits: \(limits)
              introspection: \(introspection)
              \(persisted.isEmpty ? "" : "persisted: \(persisted)")
            upstreams: {things: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              thing: {upstream: things, request: "GET /thing?id={id}"}
              make: {upstream: things, request: "POST /thing"}
            \(doors)
            """, files: schema.merging(files) { _, own in own }, shards: shards)
    }

    func post(_ body: String, on connection: RawConnection? = nil) throws -> RawConnection.Response {
        let connection = try connection ?? gateway.connect()
        try connection.send(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try connection.readResponse()
    }

    func get(_ query: String) throws -> RawConnection.Response {
        try gateway.send("GET /graphql?\(query)")
    }

    static func hash(_ text: String) -> String {
        String((try? Tool.run("sha256sum", input: text))?.text.prefix(64) ?? "")
    }

    /// A request by Apollo's protocol.
    static func request(_ hash: String, query: String? = nil, version: String = "1", more: String = "") -> String {
        let text = query.map { "\"query\":\(quoted($0))," } ?? ""
        return "{\(text)\(more)\"extensions\":{\"persistedQuery\":{\"version\":\(version),\"sha256Hash\":\"\(hash)\"}}}"
    }

    static func quoted(_ text: String) -> String {
        let data = try? JSONEncoder().encode(text)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}

extension RawConnection.Response {
    /// The code of the first GraphQL error.
    var code: String? {
        let parts = text.components(separatedBy: #""code":""#)
        return parts.count > 1 ? String(parts[1].prefix { $0 != "\"" }) : nil
    }
}

@Suite("Automatic persisted queries")
struct PersistedQueryTests {
    static let query = "{ thing { name } }"
    static let hash = PersistedGateway.hash(query)
    static let answer = #"{"data":{"thing":{"name":"well"}}}"#
    static let request = PersistedGateway.request

    @Test func `a client asks by hash, registers, and asks again, on any shard`() throws {
        let gateway = try PersistedGateway(shards: 3)
        let unknown = try gateway.post(Self.request(Self.hash, nil, "1", ""))
        #expect(unknown.status == 200 && unknown.code == "PERSISTED_QUERY_NOT_FOUND")
        #expect(try gateway.post(Self.request(Self.hash, Self.query, "1", "")).text == Self.answer)
        // Each connection is taken by one of the shards.
        for _ in 0..<24 { #expect(try gateway.post(Self.request(Self.hash, nil, "1", "")).text == Self.answer) }
    }

    @Test func `the draft profile says 422 where a hash isn't known`() throws {
        let gateway = try PersistedGateway(profile: "draft-2026")
        let unknown = try gateway.post(Self.request(Self.hash, nil, "1", ""))
        #expect(unknown.status == 422 && unknown.code == "PERSISTED_QUERY_NOT_FOUND")
    }

    @Test func `GET registers and asks too, and by a documentId`() throws {
        let gateway = try PersistedGateway()
        let hash = Self.hash
        let extensions = "extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22\(hash)%22%7D%7D"
        #expect(try gateway.get(extensions).code == "PERSISTED_QUERY_NOT_FOUND")
        #expect(try gateway.get("query=%7B+thing+%7B+name+%7D+%7D&" + extensions).text == Self.answer)
        #expect(try gateway.get(extensions).text == Self.answer)
        #expect(try gateway.get("documentId=sha256:\(hash)").text == Self.answer)
        #expect(try gateway.get("documentId=\(hash.uppercased())").text == Self.answer)
        #expect(try gateway.get("id=\(hash)").text == Self.answer)
        #expect(try gateway.post("{\"documentId\": \"sha256:\(hash)\"}").text == Self.answer)
        #expect(try gateway.post("{\"documentId\": \"sha256:00\"}").code == "PERSISTED_QUERY_NOT_FOUND")
        #expect(try gateway.post("{\"documentId\": 7}").code == "BAD_REQUEST")
    }

    /// Requests that are refused, and what with.
    static let refused: [(name: String, body: String, status: Int, code: String)] = [
        ("another text's hash", request(hash, "{ thing { inner { name } } }", "1", ""), 400, "BAD_USER_INPUT"),
        ("a hash that is none", request("00", query, "1", ""), 400, "BAD_USER_INPUT"),
        ("version 2", request(hash, query, "2", ""), 400, "BAD_USER_INPUT"),
        ("version 2 without a text", request(hash, nil, "2", ""), 400, "BAD_USER_INPUT"),
        ("a version that is a string", request(hash, query, "\"1\"", ""), 400, "BAD_USER_INPUT"),
        ("no version", #"{"extensions":{"persistedQuery":{"sha256Hash":"00"}}}"#, 400, "BAD_USER_INPUT"),
        ("no hash", #"{"extensions":{"persistedQuery":{"version":1}}}"#, 400, "BAD_USER_INPUT"),
        ("a number", #"{"extensions":{"persistedQuery":7}}"#, 400, "BAD_USER_INPUT"),
        ("null and no text", #"{"extensions":{"persistedQuery":null}}"#, 400, "BAD_REQUEST"),
    ]

    @Test func `what is no request of the protocol is refused, and nothing is stored`() throws {
        let gateway = try PersistedGateway()
        for row in Self.refused {
            let response = try gateway.post(row.body)
            #expect(response.status == row.status && response.code == row.code, "\(row.name): \(response.text)")
        }
        #expect(try gateway.post(Self.request(Self.hash, nil, "1", "")).code == "PERSISTED_QUERY_NOT_FOUND")
        #expect(gateway.upstream.heads.all.isEmpty)
    }

    @Test(arguments: [("{ thing {", "GRAPHQL_PARSE_FAILED"), ("{ thing { nme } }", "GRAPHQL_VALIDATION_FAILED")])
    func `a text that doesn't parse or validate isn't stored`(query: String, code: String) throws {
        let gateway = try PersistedGateway()
        let hash = PersistedGateway.hash(query)
        #expect(try gateway.post(Self.request(hash, query, "1", "")).code == code)
        #expect(try gateway.post(Self.request(hash, nil, "1", "")).code == "PERSISTED_QUERY_NOT_FOUND")
    }

    @Test func `a registered operation is under the limits like any other`() throws {
        let gateway = try PersistedGateway(limits: "{depth: 1}")
        #expect(try gateway.post(Self.request(Self.hash, Self.query, "1", "")).code == "LIMIT_EXCEEDED")
        #expect(try gateway.post(Self.request(Self.hash, nil, "1", "")).code == "LIMIT_EXCEEDED")
    }

    @Test func `a text with escapes, several operations and variables goes the same way`() throws {
        let gateway = try PersistedGateway()
        let query = "query A($id: ID) {\n\tthing(id: $id) { name }\n}\nquery B { __typename }"
        let hash = PersistedGateway.hash(query)
        let named = #""operationName":"A","variables":{"id":"7"},"#
        #expect(try gateway.post(Self.request(hash, query, "1", named)).text == Self.answer)
        #expect(try gateway.post(Self.request(hash, nil, "1", named)).text == Self.answer)
        #expect(gateway.upstream.requestLines == ["GET /thing?id=7", "GET /thing?id=7"])
        #expect(try gateway.post(Self.request(hash, nil, "1", "")).code == "OPERATION_RESOLUTION_FAILURE")
    }

    @Test func `a batch may register and ask`() throws {
        let gateway = try PersistedGateway()
        let ask = Self.request(Self.hash, nil, "1", "")
        let first = try gateway.post("[\(ask),\(Self.request(Self.hash, Self.query, "1", "")),\(ask)]")
        #expect(first.status == 200 && first.code == "PERSISTED_QUERY_NOT_FOUND")
        #expect(first.text.hasSuffix(",\(Self.answer),\(Self.answer)]"))
    }

    @Test func `a mutation that GET asks for by its hash is refused as by its text`() throws {
        let gateway = try PersistedGateway()
        let query = "mutation { make { name } }"
        let hash = PersistedGateway.hash(query)
        #expect(try gateway.post(Self.request(hash, query, "1", "")).status == 200)
        let response = try gateway.get("documentId=sha256:\(hash)")
        #expect(response.status == 405 && response.field("allow") == "POST")
    }

    @Test func `where it is turned off a text runs, and no hash is known`() throws {
        let gateway = try PersistedGateway("{automatic: false}")
        #expect(try gateway.post(Self.request(Self.hash, Self.query, "1", "")).text == Self.answer)
        #expect(try gateway.post(Self.request(Self.hash, nil, "1", "")).code == "PERSISTED_QUERY_NOT_FOUND")
    }
}
