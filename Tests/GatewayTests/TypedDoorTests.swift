import TestSupport
import Testing

private let schema = """
    type Query { user(id: ID!): User @rest(route: "get")
      find(ids: [Int!], tag: String, on: Boolean, by: Order, where: Where, share: Float, any: Any): [User!]
        @rest(route: "find") }
    type Mutation { rename(id: ID!, name: String!): User @rest(route: "rename") }
    type User { id: ID! name: String! @from(path: "profile.displayName")
      avatar: String @from(path: "avatar.large") @from(path: "avatar.small", on: ["tv"])
      history: [Event!] @hide(on: ["tv"]) friends: [User!] @rest(route: "friends", with: {id: "$this.id"}) }
    type Event { at: Int! }
    enum Order { NAME AGE }
    input Where { min: Int! tags: [String!] }
    scalar Any
    """

private func gateway(_ upstream: ScriptedUpstream, operations: [String: String] = [:], doors: String) throws
    -> RunningGateway
{
    try RunningGateway(
        """
        graphql: {schemas: [schema.graphql]}
        upstreams: {up: {url: "http://127.0.0.1:\(upstream.port)"}}
        routes:
          get: {upstream: up, request: "GET /users/{id}"}
          friends: {upstream: up, request: "GET /users/{id}/friends"}
          rename: {upstream: up, request: "PUT /users/{id}?name={name}"}
          find: {upstream: up, request: "GET /find?ids={ids:,}&tag={tag}&on={on}&by={by}&w={where}&s={share}&a={any}"}
        rest:
        \(doors)
        profiles: {default: web, header: x-device-profile, web: {}, tv: {lists: {default: 1}}}
        """, files: operations.merging(["schema.graphql": schema], uniquingKeysWith: { one, _ in one }),
        upstream: upstream)
}

@Suite("Contract §4: a shaped door")
struct ShapedDoorTests {
    private static let door = #"  "GET /u/{id}": {route: get, shape: User}"#
    private static let body =
        #"{"extra":1,"id":7,"profile":{"displayName":"Ann"},"avatar":{"large":"L","small":"S"},"#
        + #""history":[{"at":1,"debug":2}],"friends":[]}"#

    @Test func `members come under their GraphQL names, as the profile reads them`() throws {
        let gateway = try gateway(ScriptedUpstream(always: json(Self.body)), doors: Self.door)
        let web = try gateway.send("GET /u/7")
        #expect(web.text == #"{"id":"7","name":"Ann","avatar":"L","history":[{"at":1}]}"#)
        #expect(web.field("content-type") == "application/json" && web.field("vary") == "x-device-profile")
        let tv = try gateway.send("GET /u/7", "X-Device-Profile: tv")
        #expect(tv.text == #"{"id":"7","name":"Ann","avatar":"S"}"#)
    }

    @Test func `a list is trimmed item by item and capped`() throws {
        let item = { (id: Int) in #"{"id":\#(id),"profile":{"displayName":"N"},"avatar":null,"history":null}"# }
        let gateway = try gateway(
            ScriptedUpstream(always: json("[\(item(1)),\(item(2))]")), doors: Self.door)
        #expect(
            try gateway.send("GET /u/7").text
                == #"[{"id":"1","name":"N","avatar":null,"history":null},"#
                + #"{"id":"2","name":"N","avatar":null,"history":null}]"#)
        #expect(
            try gateway.send("GET /u/7", "X-Device-Profile: tv").text == #"[{"id":"1","name":"N","avatar":null}]"#)
    }

    @Test(arguments: [
        (#"{"id":7}"#, "TYPE_MISMATCH"), ("7", "TYPE_MISMATCH"), ("{", "UPSTREAM_INVALID_BODY"),
    ])
    func `what doesn't fit the type is 502`(_ body: String, _ code: String) throws {
        let answer = try gateway(ScriptedUpstream(always: json(body)), doors: Self.door).send("GET /u/7")
        #expect(answer.status == 502 && answer.problemCode == code)
    }

    @Test func `404 and 204 stay what they are`() throws {
        let upstream = ScriptedUpstream(answering: {
            $0.contains("/1 ") ? json("{}", "404 No") : "HTTP/1.1 204 None\r\n\r\n"
        })
        let gateway = try gateway(upstream, doors: Self.door)
        #expect(try gateway.send("GET /u/1").status == 404)
        #expect(try gateway.send("GET /u/2").status == 204)
    }
}

@Suite("Contract §4: an operation door")
struct OperationDoorTests {
    private static let find = """
        query Find($ids: [Int!], $tag: String, $on: Boolean, $by: Order, $w: Where, $s: Float, $a: Any) {
          find(ids: $ids, tag: $tag, on: $on, by: $by, where: $w, share: $s, any: $a) { id }
        }
        """
    private static let doors = """
          "GET /home/{id}": {operation: home.graphql}
          "GET /find": {operation: find.graphql}
          "POST /rename/{id}": {operation: rename.graphql}
        """

    private static func start(_ upstream: ScriptedUpstream) throws -> RunningGateway {
        try gateway(
            upstream,
            operations: [
                "home.graphql": "query Home($id: ID!) { user(id: $id) { name history { at } } }",
                "find.graphql": find,
                "rename.graphql": "mutation($id: ID!, $name: String!) { rename(id: $id, name: $name) { id } }",
            ], doors: doors)
    }

    @Test func `the GraphQL answer is the answer`() throws {
        let upstream = ScriptedUpstream(always: json(#"{"profile":{"displayName":"Ann"},"history":[]}"#))
        let gateway = try Self.start(upstream)
        let answer = try gateway.send("GET /home/a%20b")
        #expect(answer.status == 200 && answer.text == #"{"data":{"user":{"name":"Ann","history":[]}}}"#)
        #expect(answer.field("content-type") == "application/json" && answer.field("vary") == "x-device-profile")
        #expect(upstream.requestLines == ["GET /users/a%20b"])
        let tv = try gateway.send("GET /home/7?unknown=1", "X-Device-Profile: tv")
        #expect(
            tv.text == #"{"data":{"user":{"name":"Ann","history":null}},"#
                + #""extensions":{"profile":{"dropped":["User.history"]}}}"#)
    }

    @Test func `a failed call is an error in a 200`() throws {
        let answer = try Self.start(ScriptedUpstream(always: json("{}", "500 Oops"))).send("GET /home/7")
        #expect(answer.status == 200 && answer.text.hasPrefix(#"{"errors":"#) || answer.text.hasPrefix(#"{"data":"#))
        #expect(answer.text.contains(#""code":"UPSTREAM_STATUS""#))
    }

    @Test(arguments: [
        ("", ""), ("?ids=1", "ids=1"), ("?ids=1&ids=2", "ids=1,2"), ("?tag=7", "tag=7"), ("?tag=null", "tag=null"),
        ("?tag=a%26b", "tag=a%26b"), ("?on=true", "on=true"), ("?by=AGE", "by=AGE"), ("?s=1.5", "s=1.5"),
        ("?s=2", "s=2"), (#"?w={"min":1,"tags":["a"]}"#, "w=%7B%22min%22%3A1%2C%22tags%22%3A%5B%22a%22%5D%7D"),
        ("?a=2024-01-01", "a=2024-01-01"), ("?nothing=1&by=NAME", "by=NAME"),
    ])
    func `query strings become the variables' types`(_ query: String, _ sent: String) throws {
        let upstream = ScriptedUpstream(always: json("[]"))
        let gateway = try Self.start(upstream)
        let encoded = query.replacing("{", with: "%7B").replacing("}", with: "%7D").replacing("\"", with: "%22")
        let answer = try gateway.send("GET /find\(encoded)")
        #expect(answer.text == #"{"data":{"find":[]}}"#)
        #expect(upstream.requestLines == ["GET /find\(sent.isEmpty ? "" : "?\(sent)")"])
    }

    @Test(arguments: [
        "?ids=x", "?ids=1.5", "?ids=1&ids=", "?on=yes", "?on=1", "?by=OTHER", "?s=x", "?w=%7B%7D", "?w=x",
        "?tag=a&tag=b", "?on=true&on=true",
    ])
    func `what can't be coerced is a 400 problem`(_ query: String) throws {
        let upstream = ScriptedUpstream(always: json("[]"))
        let answer = try Self.start(upstream).send("GET /find\(query)")
        #expect(answer.status == 400 && answer.problemCode == "BAD_USER_INPUT")
        #expect(upstream.connections == 0)
    }

    @Test func `a missing required variable is a 400 problem`() throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.start(upstream)
        let answer = try gateway.send("POST /rename/7", "Content-Length: 0")
        #expect(answer.status == 400 && answer.problemCode == "BAD_USER_INPUT")
        _ = try gateway.send("POST /rename/7?name=x", "Content-Length: 0")
        #expect(upstream.requestLines == ["PUT /users/7?name=x"])
    }

    @Test(
        arguments: [
            ("/rename/7", "application/json", #"{"name":"x","id":"9","more":1}"#, "7?name=x"),
            ("/rename/7?name=y", "application/json; charset=utf-8", #"{"name":"x"}"#, "7?name=y"),
            ("/rename/7?name=y", "application/json", "", "7?name=y"),
            ("/rename/7?name=y", "text/plain", "{", "7?name=y"),
            ("/rename/7", "application/json", #"{"name":7}"#, nil), ("/rename/7", "application/json", "[]", nil),
            ("/rename/7?name=y", "application/json", "{", nil), ("/rename/7", "text/plain", #"{"name":"x"}"#, nil),
            ("/rename/7", "application/json", #"{"Name":"x"}"#, nil),
        ] as [(String, String, String, String?)])
    func `a JSON object holds variables too, after path and query`(
        path: String, type: String, content: String, sent: String?
    ) throws {
        let upstream = ScriptedUpstream(always: json("{}"))
        let gateway = try Self.start(upstream)
        let answer = try gateway.send("POST \(path)", "Content-Type: \(type)", body: content)
        #expect(answer.status == (sent == nil ? 400 : 200), "\(answer.text)")
        #expect(upstream.requestLines == (sent.map { ["PUT /users/\($0)"] } ?? []))
    }

    @Test func `content over its limit is 413, and a GET's isn't read`() throws {
        let upstream = ScriptedUpstream(always: json("[]"))
        let gateway = try gateway(
            upstream, operations: ["find.graphql": Self.find],
            doors: #"  "POST /find": {operation: find.graphql, body: 20B}\#n  "GET /find": {operation: find.graphql}"#)
        let type = "Content-Type: application/json"
        #expect(try gateway.send("POST /find", type, body: #"{"tag":"aaaaaaaaaa"}"#).status == 200)
        #expect(try gateway.send("GET /find", type, body: #"{"tag":"b"}"#).status == 200)
        #expect(try gateway.send("POST /find", type, body: #"{"tag":"aaaaaaaaaaa"}"#).status == 413)
        #expect(upstream.requestLines == ["GET /find?tag=aaaaaaaaaa", "GET /find"])
    }

    @Test func `HEAD runs the operation and sends the head`() throws {
        let upstream = ScriptedUpstream(always: json(#"{"profile":{"displayName":"Ann"},"history":[]}"#))
        let gateway = try Self.start(upstream)
        let answer = try gateway.send("HEAD /home/7")
        #expect(answer.status == 200 && answer.field("content-type") == "application/json")
        #expect(answer.field("content-length") == "\(try gateway.send("GET /home/7").body.count)")
    }
}

@Suite("Contract §2: what check says of REST doors")
struct DoorCheckTests {
    private static func problems(_ doors: String, operations: [String: String] = [:]) throws -> [String] {
        try ConfigurationFolder(
            """
            graphql: {schemas: [schema.graphql]}
            upstreams: {up: {url: "http://127.0.0.1:1"}}
            routes:
              get: {upstream: up, request: "GET /users/{id}"}
              friends: {upstream: up, request: "GET /users/{id}/friends"}
              rename: {upstream: up, request: "PUT /users/{id}?name={name}"}
              find: {upstream: up, request: "GET /find"}
              ofParent: {upstream: up, request: "GET /x?y={y}", headers: {set: {x-y: "$this.y"}}}
            rest:
            \(doors)
            profiles: {default: web, web: {}, tv: {}}
            """, operations.merging(["schema.graphql": schema], uniquingKeysWith: { one, _ in one })
        ).problems
    }

    @Test func `a shape that is no type gets a suggestion`() throws {
        let problems = try Self.problems(#"  "GET /u/{id}": {route: get, shape: Usr}"#)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("gateway.yaml:10:") == true)
        #expect(problems.first?.contains("\"Usr\"") == true && problems.first?.contains("User") == true)
    }

    @Test func `a route that needs a parent can't stand at a door`() throws {
        let problems = try Self.problems(#"  "GET /p": {route: ofParent}"#)
        #expect(problems.count == 1 && problems.first?.contains("$this.y") == true)
    }

    @Test func `path parameters that nothing uses are warned of`() throws {
        let problems = try Self.problems(
            """
              "GET /f/{x}": {route: find}
              "GET /o/{idd}": {operation: o.graphql}
              "GET /p/{a}/{b...}": {upstream: up, rewrite: "/{b}"}
            """, operations: ["o.graphql": "query($id: ID!) { user(id: $id) { id } }"])
        let unused = problems.filter { $0.contains("the path parameter") || $0.contains("has no variable") }
        #expect(unused.count == 3 && unused.allSatisfy { $0.contains(": warning: ") }, "\(problems)")
    }

    @Test(arguments: [
        ("query {", "o.graphql:1:"), ("query A { user(id: 1) { id } } query B { user(id: 1) { id } }", "o.graphql:1:"),
        ("{ user(id: 1) { nope } }", "o.graphql:1:17"),
    ])
    func `an operation's problems stand at their place in its file`(_ text: String, _ place: String) throws {
        let problems = try Self.problems(#"  "GET /o": {operation: o.graphql}"#, operations: ["o.graphql": text])
        #expect(!problems.isEmpty && problems.allSatisfy { $0.hasPrefix(place) }, "\(problems)")
    }

    @Test func `an operation file that isn't there is told`() throws {
        let problems = try Self.problems(#"  "GET /o": {operation: missing.graphql}"#)
        #expect(problems.count == 1 && problems.first?.hasPrefix("gateway.yaml:10:") == true)
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS"])
    func `a mutation stands at no safe method`(_ method: String) throws {
        let text = "mutation($id: ID!, $name: String!) { rename(id: $id, name: $name) { id } }"
        let problems = try Self.problems(
            "  \"\(method) /o/{id}\": {operation: o.graphql}", operations: ["o.graphql": text])
        #expect(problems.count == 1 && problems.first?.contains(": error: ") == true, "\(problems)")
    }
}
