import TestSupport
import Testing

@Suite("sluice explain and sluice schema")
struct ExplainTests {
    @Test func `the stored home operation: what runs side by side, batches, worst case`() throws {
        let outcome = try Program.run("explain", "schemas/operations/home.graphql")
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        #expect(
            outcome.output == """
                query Home, profile web

                1. users.get: GET /users/{id}  [users]
                   for user (Query.user)
                   {id} = $args.id
                   $profile = $profile
                   1 call, 2 tries each of at most 300ms, at most 850ms, breaker users, 17% of the deadline
                   then, side by side:
                   2. posts.ofUser: GET /users/{id}/posts?limit={limit}  [posts]
                      for user.posts (User.posts)
                      {id} = $this.id
                      {limit} = $args.limit
                      1 call, 2 tries each of at most 800ms, at most 1850ms, breaker posts, 37% of the deadline
                   3. recs.ofUser: GET /recommendations/{id}  [recs]
                      for user.recommendations (User.recommendations)
                      {id} = $this.id
                      1 call, at most 500ms, breaker recs, hedged after p95, at most 5% of the calls, fallback, 10% of the deadline
                      then:
                      5. users.byIds: GET /users?ids={ids:,}  [users]
                         for user.recommendations.user (RecommendedUser.user)
                         {ids} = $batch.target
                         $profile = $profile
                         batches of at most 50 keys, as many as the items need, 2 tries each of at most 800ms, at most 1850ms, breaker users, 37% of the deadline
                   4. flaky.reputation: GET /reputation/{id}  [flaky]
                      for user.reputation (User.reputation)
                      {id} = $this.id
                      1 call, 2 tries each of at most 250ms, at most 550ms, breaker flaky, 11% of the deadline

                Worst case: 50 upstream calls (limits.upstreamCalls) with 100 tries, 3200ms
                Each call: deadline → ip rate limits → token → other rate limits → cache and single flight → concurrency → breaker → (try → timeout → retry within budget and deadline) → fallback
                Limits:
                   tokens 73 of 10000
                   depth 4 of 15
                   aliases 0 of 30
                   rootFields 1 of 20
                   cost 15 of 5000
                   upstreamCalls ? of 50: a call more gets an error

                """)
    }

    @Test func `a profile drops fields, and variables decide`() throws {
        let query = "query Q($more: Boolean!) { user(id: 1) { history { at } posts @include(if: $more) { title } } }"
        let tv = try Program.run("explain", "--profile", "tv", "--variables", "{\"more\": true}", query)
        #expect(tv.code == 0 && tv.errors.isEmpty)
        #expect(tv.output.contains("Dropped for tv: User.history") && tv.output.contains("posts.ofUser"))
        let less = try Program.run("explain", "--variables={\"more\": false}", query)
        #expect(less.code == 0 && !less.output.contains("posts.ofUser"))
        let unsaid = try Program.run("explain", query)
        #expect(unsaid.code == 0 && unsaid.errors.hasPrefix("query:1:9: warning: $more decides"))
    }

    @Test func `limits are shown with what is measured, and one that refuses makes the exit code 1`() throws {
        let query =
            "query($n: Int) { \((0..<21).map { "a\($0): user(id: 1) { posts(limit: $n) { author { id } } }" }.joined(separator: " ")) }"
        let refused = try Program.run("explain", "--variables", "{\"n\": 7}", query)
        #expect(refused.code == 1)
        #expect(refused.errors.hasPrefix("query:1:1: error: The operation has 21 root fields; at most 20 are allowed."))
        #expect(refused.output.contains("   rootFields 21 of 20: refused\n   cost \(21 * (1 + 1 + 7)) of 5000\n"))
        let unsaid = try Program.run(
            "explain", "--format", "json", "query($n: Int) { user(id: 1) { posts(limit: $n) { author { id } } } }")
        #expect(unsaid.code == 0 && unsaid.errors.hasPrefix("query:1:7: warning: $n decides how long a list is"))
        #expect(unsaid.output.contains(#""cost":{"measured":12,"max":5000,"mode":"enforce","verdict":"within"}"#))
    }

    @Test func `the json form is one object`() throws {
        let outcome = try Program.run("explain", "--format", "json", "{ user(id: 1) { name } }")
        #expect(
            outcome.code == 0 && outcome.output.hasPrefix("{\"operation\":null,\"kind\":\"query\",\"profile\":\"web\""))
    }

    @Test func `an answer is private where anything that tells who asks decides it`() throws {
        let workspace = try Workspace([
            "gateway.yaml": """
            graphql: {schemas: [schema.graphql]}
            auth: {jwt: {keys: [{kty: oct, k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", alg: HS256}]}}
            upstreams: {one: {url: "http://127.0.0.1:7001"}}
            routes:
              all: {upstream: one, request: "GET /all", cache: {ttl: 30s}}
              forwarding: {upstream: one, request: "GET /f", cache: {ttl: 30s}, headers: {forward: [authorization]}}
              setting: {upstream: one, request: "GET /s", cache: {ttl: 30s}, headers: {set: {x-id: "$claims.sub"}}}
              asking: {upstream: one, request: "GET /$claims.sub", cache: {ttl: 30s}}
            """,
            "schema.graphql": """
            type Query {
              all: String @rest(route: "all")
              forwarding: String @rest(route: "forwarding")
              setting: String @rest(route: "setting")
              asking: String @rest(route: "asking")
            }
            """,
        ])
        for (field, kind) in [
            ("all", "public"), ("forwarding", "private"), ("setting", "private"), ("asking", "private"),
        ] {
            let outcome = try Program.run("explain", "{ \(field) }", in: workspace.folder)
            #expect(outcome.code == 0 && outcome.output.contains("\(kind))"), "\(field): \(outcome.output)")
        }
    }

    @Test(arguments: [
        (["{ user(id: 1) { name "], "query:1:22: error: Syntax Error"),
        (["{ user(id: 1) { nam } usr { id } }"], "query:1:17: error: Cannot query field \"nam\" on type \"User\"."),
        (["no-such-file.graphql"], "no-such-file.graphql:1:1: error: this is neither a file"),
        (["--profile", "tw", "{ user(id: 1) { name } }"], "--profile:1:1: error: there is no profile \"tw\""),
        (["--variables", "[1]", "{ user(id: 1) { name } }"], "--variables:1:1: error: this is JSON, but no object"),
        (["--variables", "{\"x\": tru}", "{ user(id: 1) { name } }"], "--variables:1:7: error: this is not JSON"),
        (
            ["query A { user(id: 1) { id } } query B { user(id: 1) { id } }"],
            "query:1:1: error: it holds several operations"
        ),
        (["--operation", "C", "query A { user(id: 1) { id } }"], "query:1:1: error: there is no operation \"C\""),
        (["--config", "nope.yaml", "{ user(id: 1) { id } }"], "nope.yaml:1:1: error: no such file"),
    ])
    func `what is wrong is shown with its place`(words: [String], problem: String) throws {
        let outcome = try Program.run(["explain"] + words)
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix(problem), "\(outcome.errors)")
    }

    @Test func `the schema is SDL without what is built in; a profile's is without what it hides`() throws {
        let all = try Program.run("schema")
        #expect(all.code == 0 && all.output.contains("type Query {") && !all.output.contains("@rest"))
        #expect(all.output.contains("history: [Event!]"))
        let tv = try Program.run("schema", "--profile", "tv")
        #expect(tv.code == 0 && tv.output.contains("type User {") && !tv.output.contains("history: [Event!]"))
        #expect(try Program.run("schema", "--profile", "tw").code == 1)
    }
}
