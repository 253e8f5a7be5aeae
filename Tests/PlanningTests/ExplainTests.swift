import GraphQL
import HTTP
import Testing

@testable import Planning

@Suite("Explaining plans")
struct ExplainTests {
    static func fixture() throws -> Fixture {
        var fixture = try Fixture(PlanTests.sdl, profiles: Fixture.deviceProfiles)
        let policies = [
            RoutePolicies(timeout: 300_000_000, attempts: 2, backoffMax: 250_000_000, breaker: "users"),
            RoutePolicies(timeout: 800_000_000, attempts: 2, backoffMax: 250_000_000, breaker: "users"),
            RoutePolicies(
                timeout: 500_000_000, hedge: "p95, at most 5% of the calls",
                cache: CacheDescription(
                    ttl: 30_000_000_000, staleWhileRevalidate: nil, staleIfError: 600_000_000_000, negative: nil,
                    keyFields: ["authorization"])),
            RoutePolicies(timeout: 1_000_000_000, hasFallback: true),
            RoutePolicies(timeout: 700_000_000, attempts: 3, backoffMax: 50_000_000, isIdempotent: false),
        ]
        fixture.routes = try Fixture.requests.enumerated().map { index, route in
            try Fixture.route(
                index, route.0, route.1, body: route.0 == "posts.create" ? .string("$args.input") : nil,
                batchMax: route.0 == "users.byIds" ? 4 : nil, policies: policies[index])
        }
        return fixture
    }

    @Test func `calls are in dependency order, with what runs side by side`() throws {
        let plan = try Self.fixture().plan(
            """
            query Home($id: ID!) {
              user(id: $id) { name history posts(limit: 3) { id author { name } } author { id } }
              feed { ... on Node { history } }
            }
            """, profile: "tv")
        let text = Explanation(plan, requestTimeout: 5_000_000_000, limits: PlanLimits(cost: 8), upstreamCalls: 50)
            .description
        #expect(
            text == """
                query Home, profile tv

                Side by side:
                1. users.get: GET /users/{id}  [users]
                   for user (Query.user)
                   {id} = $args.id
                   1 call, 2 tries each of at most 300ms, at most 850ms, breaker users, 17% of the deadline
                   then, side by side:
                   3. posts.ofUser: GET /users/{id}/posts?limit={limit}  [posts]
                      for user.posts (User.posts)
                      {id} = $this.id
                      {limit} = $args.limit
                      1 call, at most 500ms, cached for 30s, stale if it fails for 600s (by authorization, private), hedged after p95, at most 5% of the calls, 10% of the deadline
                      then:
                      5. users.byIds: GET /users?ids={ids:,}  [users]
                         for user.posts.author (Post.author)
                         {ids} = $batch.authorId
                         at most 2 batches of at most 4 keys, 2 tries each of at most 800ms, at most 1850ms, breaker users, 37% of the deadline
                   4. users.get: GET /users/{id}  [users]
                      for user.author (User.author)
                      {id} = $this.id
                      1 call, 2 tries each of at most 300ms, at most 850ms, breaker users, 17% of the deadline
                2. feed: GET /feed  [feed]
                   for feed (Query.feed)
                   1 call, at most 1s, fallback, 20% of the deadline

                Dropped for tv: User.history

                Worst case: 6 upstream calls with 10 tries, 3200ms
                Each call: \(Explanation.order)
                Limits:
                   tokens 48 of 10000
                   depth 4 of 15
                   aliases 0 of 30
                   rootFields 2 of 20
                   cost 9 of 8: refused
                   upstreamCalls 6 of 50

                """)
    }

    @Test func `lists of unknown length are bounded by the limit of calls`() throws {
        let plan = try Self.fixture().plan("{ user(id: 1) { posts { author { posts { id } } } } }", profile: "web")
        let limited = Explanation(plan, requestTimeout: 2_000_000_000, upstreamCalls: 50)
        #expect(limited.calls.map(\.calls) == [1, 1, nil, nil])
        #expect(limited.description.contains("batches of at most 4 keys, as many as the items need, 2 tries each"))
        #expect(limited.description.contains("1 call per item, at most 500ms"))
        #expect(limited.description.contains("50 upstream calls (limits.upstreamCalls) with 100 tries, 2s"))
        let open = Explanation(plan)
        #expect(open.worstCaseCalls == nil)
        #expect(open.description.contains("Worst case: one call per list item, 3700ms"))
    }

    @Test func `a mutation's root fields add up, and are not tried again`() throws {
        let plan = try Self.fixture().plan(
            "mutation($x: PostInput!) { a: createPost(input: $x) { id } b: createPost(input: $x) { id } }")
        let explanation = Explanation(plan, requestTimeout: 5_000_000_000)
        #expect(explanation.worstCaseTime == 1_400_000_000)
        #expect(explanation.worstCaseTries == 2)
        #expect(explanation.description.contains("One after the other:\n1. posts.create: POST /posts  [posts]"))
    }

    @Test func `the explanation is JSON too`() throws {
        let plan = try Self.fixture().plan("{ feed { ... on Node { id } } }")
        #expect(
            Explanation(
                plan, requestTimeout: 3_000_000_000,
                limits: PlanLimits(depth: Limit(max: 1, mode: .measure), aliases: nil), upstreamCalls: 0
            ).json == """
                {"operation":null,"kind":"query","profile":"web","calls":[{"id":0,"waitsFor":null,"level":0,\
                "path":["feed"],"field":"Query.feed","route":"feed","upstream":"feed","request":"GET /feed",\
                "bindings":{},"batch":false,"batchMax":null,"calls":1,"tries":1,"timeoutMilliseconds":1000,\
                "milliseconds":1000,"deadlineShare":0.34,"singleFlight":false,"cache":null,"breaker":null,"hedge":null,"fallback":true}],\
                "dropped":[],\
                "worstCase":{"calls":0,"tries":0,"milliseconds":1000},"deadlineMilliseconds":3000,"cost":1,\
                "limits":{"tokens":{"measured":11,"max":10000,"mode":"enforce","verdict":"within"},\
                "depth":{"measured":2,"max":1,"mode":"measure","verdict":"exceeded"},\
                "aliases":{"measured":0,"max":null,"mode":null,"verdict":"within"},\
                "rootFields":{"measured":1,"max":20,"mode":"enforce","verdict":"within"},\
                "cost":{"measured":1,"max":5000,"mode":"enforce","verdict":"within"},\
                "upstreamCalls":{"measured":1,"max":0,"mode":"enforce","verdict":"possible"}},\
                "order":"\(Explanation.order)"}
                """)
    }

    @Test func `nothing to call is said so`() throws {
        let plan = try Self.fixture().plan("{ __typename }")
        #expect(
            Explanation(plan).description.hasPrefix(
                "query, profile web\n\nNo upstream calls.\n\nWorst case: 0 upstream calls"))
    }

    @Test func `a profile's schema leaves out what it hides`() throws {
        let mapping = try Self.fixture().mapping
        let whole = mapping.printSchema()
        let tv = mapping.printSchema(for: mapping.profiles.profile(named: "tv"))
        #expect(whole.contains("role: Role\n") && !whole.contains("@rest") && !whole.contains("KindMap"))
        #expect(whole.split(separator: "\n").count - tv.split(separator: "\n").count == 1)
    }
}
