import Bytes
import Execution
import GraphQL
import HTTP
import JSON
import Planning
import Resilience
import Telemetry

/// One part of the gateway's work, ready to be done again and again.
struct Part {
    let name: String
    /// How often it is done between two marks.
    let runs: Int
    let work: () -> Void

    init(_ name: String, runs: Int = 200, _ work: @escaping () throws -> Void) {
        self.name = name
        self.runs = runs
        self.work = {
            do { try work() } catch { fatalError("\(name): \(error)") }
        }
    }
}

extension Workload {
    var parts: [Part] { graphQL + plans + bodies + http + policies + telemetry }

    private var graphQL: [Part] {
        let values = [InputMember(name: "id", value: .string("u1")), InputMember(name: "limit", value: .number("20"))]
        return [
            Part("graphql.parse") { _ = try Parser.parseDocument(Source(bytes: query)) },
            Part("graphql.validate") {
                let problems = Validator.validate(document, against: schema, allowsIntrospection: true)
                precondition(problems.isEmpty)
            },
            Part("graphql.variables") { _ = try schema.coerceVariableValues(of: entry.operation, values: values) },
        ]
    }

    private var plans: [Part] {
        let profile = profiles.defaultProfile
        let cache = PlanCache<ExecutablePlan>(seed: 7)
        let cached = CachedDocument<ExecutablePlan>(bytes: query, document: document)
        cache.insert(cached)
        cache.insert(
            ExecutablePlan(plan, schema: schema), for: plan, in: cached, operation: 0, conditions: Conditions())
        let variables: CoercedVariables = ["id": .string("u1"), "limit": .int(20)]
        return [
            Part("planning.measure") { _ = try planner.measure(entry, profile: profile) },
            Part("planning.plan") {
                _ = try planner.plan(entry, profile: profile, conditions: Conditions(), measures: plan.measures)
            },
            Part("planning.layout") { _ = ExecutablePlan(plan, schema: schema) },
            Part("planning.hit", runs: 1000) {
                guard let known = unsafe cache.document(query.span.bytes), let index = known.operationIndex(named: nil),
                    let plan = known.plan(operation: index, profile: profile, conditions: Conditions())
                else { fatalError("not in the cache") }
                let measures = plan.plan.measures
                precondition(planner.limits.excesses(of: measures, cost: measures.cost.value(variables)).isEmpty)
            },
        ]
    }

    private var bodies: [Part] {
        let result = ProjectedBody()
        let posts = plan.fetches[1].shape
        let executable = ExecutablePlan(plan, schema: schema)
        let pool = OperationRunPool(starter: Memory(answers), loop: nil)
        let client = Client()
        let output = ByteBuffer(capacity: 64 * 1024)
        let variables: CoercedVariables = ["id": .string("u1"), "limit": .int(20)]
        let finished = pool.take(executable, variables: variables, context: client, callLimit: 50)
        finished.run { _ in }
        return [
            Part("json.project") { try Projection.run(posts, over: answers[1], into: result) },
            Part("execution.run") {
                output.clear()
                let run = pool.take(executable, variables: variables, context: client, callLimit: 50)
                run.run { _ in }
                precondition(run.writeAnswer(to: output) == 0)
                pool.giveBack(run)
            },
            Part("execution.write") {
                output.clear()
                precondition(finished.writeAnswer(to: output) == 0)
            },
        ]
    }

    private var http: [Part] {
        let request =
            "POST /graphql HTTP/1.1\r\nHost: api.example\r\nUser-Agent: \(Self.userAgent)\r\nAccept: */*\r\n"
            + "Accept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, br\r\nContent-Type: application/json\r\n"
            + "Content-Length: 312\r\nAuthorization: Bearer 0123456789abcdef0123456789abcdef\r\n"
            + "X-Device-Profile: phone\r\nConnection: keep-alive\r\n\r\n"
        let response =
            "HTTP/1.1 200 OK\r\nServer: users\r\nDate: Sat, 01 Nov 2025 10:00:00 GMT\r\n"
            + "Content-Type: application/json; charset=utf-8\r\nContent-Length: 4711\r\nCache-Control: max-age=30\r\n"
            + "ETag: \"abc\"\r\nConnection: keep-alive\r\n\r\n"
        let buffer = ByteBuffer(capacity: 4096)
        let requestHead = RequestHead()
        let responseHead = ResponseHead()
        let limits = HeadLimits()
        let renderer = RouteRequestRenderer()
        let client = Client()
        let target = ByteBuffer(capacity: 256)
        let fields = FieldList()
        let content = ByteBuffer(capacity: 64)
        let bindings = routes[1].inputs.map { _ in Binding.argument(["id"]) }
        return [
            Part("http.request", runs: 1000) {
                buffer.clear()
                buffer.append(request)
                var parser = RequestParser()
                guard try parser.parse(buffer, into: requestHead, limits: limits) else { fatalError("a whole head") }
            },
            Part("http.response", runs: 1000) {
                buffer.clear()
                buffer.append(response)
                var parser = ResponseParser()
                guard try parser.parse(buffer, into: responseHead, limits: limits, method: .get) else {
                    fatalError("a whole head")
                }
            },
            Part("http.template", runs: 1000) {
                target.clear()
                _ = try renderer.render(
                    routes[1], bindings: bindings, parameters: ["id": .string("user 7")], context: client,
                    profile: profiles.defaultProfile, target: target, fields: fields, content: content)
            },
        ]
    }

    private static let userAgent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"

    private var policies: [Part] {
        var breaker = CircuitBreaker(CircuitBreaker.Settings())
        var bulkhead = Bulkhead()
        var budget = RetryBudget()
        var now: UInt64 = 1_000_000_000
        var adaptive = AdaptiveLimit(max: 256)
        var hedging = Hedging(Hedging.Settings())
        let shedding = ShedLimits(maximum: 1000, reservesForHigh: true)
        let agent = Array(Self.userAgent.utf8)
        return [
            Part("resilience.call", runs: 1000) {
                now += 100_000
                guard case .admitted = bulkhead.enter() else { fatalError("full") }
                budget.recordCall(now: now)
                guard case .allowed(let admission) = breaker.admit(now: now) else { fatalError("open") }
                _ = breaker.record(.success, admission, now: now)
                _ = bulkhead.leave()
            },
            Part("resilience.all", runs: 1000) {
                now += 100_000
                precondition(shedding.limit(.normal) > 1)
                guard case .admitted = bulkhead.enter() else { fatalError("full") }
                budget.recordCall(now: now)
                guard case .allowed(let admission) = breaker.admit(now: now) else { fatalError("open") }
                let outcome = breaker.settings.outcome(of: .status(200), took: 5_000_000)
                _ = breaker.record(outcome, admission, now: now)
                hedging.callEnded(latency: 5_000_000, now: now)
                adaptive.record(.answered(5_000_000), inFlight: bulkhead.inFlight, now: now)
                bulkhead.limit = adaptive.limit
                _ = bulkhead.leave()
            },
            Part("profile.select", runs: 1000) {
                let profile = unsafe profiles.select(headerValue: nil, userAgent: agent.span.bytes)
                precondition(profile.name == "phone")
            },
        ]
    }

    /// What is written of the home screen: its access line, and the eight spans of one that is traced.
    private var telemetry: [Part] {
        let subjects = routes.map { CallSubject(name: $0.upstream, route: $0.name) }
        let record = AccessRecord()
        let times = TimeText()
        var identifiers = IdentifierGenerator()
        let context = identifiers.trace(isSampled: true)
        let text = ByteBuffer(capacity: 8192)
        func fill(span: UInt64) {
            record.reset()
            record.time = WallTime(nanoseconds: 1_790_000_000_123_456_789)
            record.method = "POST"
            record.path.append("/graphql")
            record.status = 200
            record.duration = 4_321_000
            record.requestID.append("0123456789abcdef0123456789abcdef")
            record.profile = "web"
            record.operation = "Home"
            for subject in subjects {
                var call = AccessRecord.UpstreamCall(subject, status: 200, duration: 3_210_000, attempts: 1)
                call.start = 1_000_500_000
                call.span = span
                let one = AccessRecord.Try(start: call.start, duration: call.duration, status: 200)
                record.add(call, tries: span == 0 ? [] : [one])
            }
        }
        return [
            Part("telemetry.access", runs: 1000) {
                fill(span: 0)
                text.clear()
                record.append(to: text, times)
            },
            Part("telemetry.spans", runs: 1000) {
                fill(span: context.span)
                record.planning = 1_000_100_000..<1_000_300_000
                text.clear()
                let count = record.appendSpans(
                    context, parent: nil, door: "graphql", isNamedByOperation: true, now: 1_004_321_000, &identifiers,
                    to: text)
                precondition(count == 8)
            },
        ]
    }
}
