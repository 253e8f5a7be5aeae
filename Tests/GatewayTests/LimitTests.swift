import TestSupport
import Testing

private let schema = """
    type Query {
      users(first: Int): [User!] @rest(route: "users") @listSize(argument: "first")
      user(id: ID!): User @rest(route: "user")
    }
    type User { id: ID! friend: User @rest(route: "user", with: {id: "$this.friendId"}) score: Int @cost(weight: 10) }
    """

@Suite("Limits, enforced and measured")
struct LimitTests {
    private func gateway(_ limits: String, _ upstream: ScriptedUpstream) throws -> RunningGateway {
        try RunningGateway(
            """
            graphql: {schemas: [schema.graphql], limits: {\(limits)}}
            upstreams: {up: {url: "http://127.0.0.1:\(upstream.port)"}}
            routes:
              users: {upstream: up, request: "GET /users?first={first}"}
              user: {upstream: up, request: "GET /users/{id}"}
            rest:
              "GET /scores": {operation: scores.graphql}
            """,
            files: ["schema.graphql": schema, "scores.graphql": "query($n: Int) { users(first: $n) { score } }"],
            upstream: upstream)
    }

    private func upstream() -> ScriptedUpstream {
        ScriptedUpstream { line in
            if !line.hasPrefix("GET /users/") {
                return json(
                    "[" + (1...4).map { #"{"id":\#($0),"friendId":\#($0 + 10),"score":1}"# }.joined(separator: ",")
                        + "]")
            }
            return json(#"{"id":1,"friendId":2,"score":1}"#)
        }
    }

    private func post(_ gateway: RunningGateway, _ query: String, _ variables: String = "{}") throws
        -> RawConnection.Response
    {
        try gateway.post(#"{"query":"\#(query)","variables":\#(variables)}"#)
    }

    @Test func `cost is judged by each request's variables, also where the plan is known`() throws {
        let gateway = try gateway("cost: 50", upstream())
        let query = "query($n: Int) { users(first: $n) { score } }"
        for _ in 0..<2 {
            #expect(try post(gateway, query, #"{"n":4}"#).status == 200)
            let refused = try post(gateway, query, #"{"n":5}"#)
            #expect(refused.status == 400)
            #expect(
                refused.text == #"{"errors":[{"message":"The operation may cost 51; at most 50 is allowed.","#
                    + #""locations":[{"line":1,"column":1}],"extensions":{"code":"LIMIT_EXCEEDED"}}]}"#)
            #expect(try post(gateway, query).status == 400, "no size given: ten are assumed")
        }
        #expect(gateway.metrics.contains(#"sluice_limit_exceeded_total{limit="cost",mode="enforce"} 4"#))
        #expect(gateway.metrics.contains("sluice_operation_cost_count 6\n"))
        #expect(gateway.metrics.contains("sluice_operation_cost_sum \(2 * (41 + 51 + 101))\n"))
    }

    @Test func `what is only measured runs, and is counted`() throws {
        let gateway = try gateway(
            "mode: measure, cost: 1, depth: 1, tokens: 3, aliases: 0, rootFields: 1, upstreamCalls: 1, batch: 1",
            upstream())
        let query = "{ a: users { id friend { id } } user(id: 1) { id } }"
        let answer = try post(gateway, query)
        #expect(answer.status == 200 && !answer.text.contains("errors"), "\(answer.text)")
        #expect(try gateway.post(#"[{"query":"{ __typename }"},{"query":"{ __typename }"}]"#).status == 200)
        for (name, count) in [
            ("cost", 1), ("depth", 1), ("tokens", 3 - 2), ("aliases", 1), ("rootFields", 1), ("upstreamCalls", 1),
            ("batch", 1),
        ] {
            let line = #"sluice_limit_exceeded_total{limit="\#(name)",mode="measure"} \#(count)"#
            #expect(gateway.metrics.contains(line + "\n"), "\(line)")
        }
        #expect(!gateway.metrics.contains(#"mode="enforce"} 1"#))
        #expect(gateway.metrics.contains("sluice_operation_upstream_calls_sum 6\n"))
        #expect(gateway.metrics.contains("sluice_batch_operations_sum 2\n"))
        #expect(gateway.metrics.contains(#"sluice_operation_depth_bucket{le="5"} 3"#))
    }

    @Test func `each limit is refused on its own`() throws {
        let query = "{ a: users { id friend { id } } user(id: 1) { id } }"
        for limit in ["cost: 1", "depth: 2", "tokens: 10", "aliases: 0", "rootFields: 1"] {
            let gateway = try gateway(
                "mode: measure, \(limit.prefix { $0 != ":" }): {max: \(limit.split(separator: " ")[1]), mode: enforce}",
                upstream())
            let answer = try post(gateway, query)
            #expect(answer.status == 400 && answer.text.contains("LIMIT_EXCEEDED"), "\(limit): \(answer.text)")
        }
    }

    @Test func `the field whose call would exceed upstreamCalls gets the error, the others their data`() throws {
        let upstream = upstream()
        let gateway = try gateway("upstreamCalls: 3", upstream)
        let answer = try post(gateway, "{ users { id friend { id } } }")
        #expect(answer.status == 200)
        #expect(upstream.requestLines.count == 3)
        #expect(
            answer.text.hasPrefix(
                #"{"data":{"users":[{"id":"1","friend":{"id":"1"}},{"id":"2","friend":{"id":"1"}},{"id":"3","friend":null},{"id":"4","friend":null}]},"errors":["#
            ), "\(answer.text)")
        #expect(answer.text.split(separator: #""code":"LIMIT_EXCEEDED""#).count == 3)
        #expect(
            answer.text.contains(#""path":["users",2,"friend"]"#)
                && answer.text.contains(#""path":["users",3,"friend"]"#))
        #expect(gateway.metrics.contains(#"sluice_limit_exceeded_total{limit="upstreamCalls",mode="enforce"} 1"#))
    }

    @Test func `no limit applies to a stored operation, and its known plan opens no door for others`() throws {
        let gateway = try gateway("cost: 3, tokens: 5, upstreamCalls: 0", upstream())
        let stored = try gateway.send("GET /scores?n=4")
        #expect(
            stored.status == 200 && stored.text.contains(#""score":1"#) && !stored.text.contains("errors"),
            "\(stored.text)")
        let same = try post(gateway, "query($n: Int) { users(first: $n) { score } }", #"{"n":4}"#)
        #expect(same.status == 400 && same.text.contains("LIMIT_EXCEEDED"))
        #expect(try gateway.send("GET /scores?n=4").status == 200)
    }
}
