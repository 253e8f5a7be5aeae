// What running a plan costs by itself: the home screen of the comparison (three calls, 32 KB in, 10 KB out), its calls
// answered at once from memory. Run under `perf stat` or `valgrind`: N and 3N runs, the difference divided.
//
//     ExecutionBenchmark [RUNS]

import Bytes
import EventLoop
import Execution
import GraphQL
import HTTP
import Planning

/// Answers from memory.
final class Memory: CallStarter {
    var contents: [ByteBuffer] = []

    func start(_ call: ExecutionCall) { call.answered(status: 200, body: contents[call.route], attempts: 1) }
    func cancel(_ call: ExecutionCall) {}
    func release(_ call: ExecutionCall) {}
}

final class Client: RequestContext {
    var requestFields: FieldList?
    var deadline = MonotonicTime.distantFuture
}

let sdl = """
    type Query {
      user(id: ID!): User @rest(route: "user")
      posts(userId: ID!): [Post!]! @rest(route: "posts", with: {id: "$args.userId"})
      recommendations(userId: ID!): [Recommendation!]! @rest(route: "recs", with: {id: "$args.userId"}, at: "items")
    }
    type Image { url: String! width: Int! height: Int! }
    type Images { small: Image! medium: Image! large: Image! }
    type Money { amount: Float! currency: String! }
    type User { id: ID! name: String! verified: Boolean! avatar: Images! }
    type Post { id: ID! title: String! likes: Int! createdAt: String! cover: Image! }
    type Recommendation { productId: ID! title: String! score: Float! price: Money! images: Images! }
    """
let query = """
    query Home($id: ID!) {
      user(id: $id) { id name verified avatar { medium { url } } }
      posts(userId: $id) { id title likes createdAt cover { url } }
      recommendations(userId: $id) {
        productId title score price { amount currency } images { small { url } }
      }
    }
    """

func image(_ name: String) -> String {
    #""\#(name)":{"url":"https://img.example/\#(name)/0123456789abcdef.jpg","width":320,"height":240}"#
}
let images = "{\(image("small")),\(image("medium")),\(image("large"))}"
let filler = String(repeating: "lorem ipsum dolor sit amet ", count: 10)
let user = #"{"id":"u1","username":"x","name":"Ada Lovelace","bio":"\#(filler)","verified":true,"avatar":\#(images)}"#
let post =
    #"{"id":"p1","title":"A title of some words","slug":"a-title","body":"\#(filler)","tags":["a","b"],"likes":17,"#
    + #""views":120,"createdAt":"2025-01-01T00:00:00Z",\#(image("cover")),"status":"published"}"#
let recommendation =
    #"{"productId":"r1","title":"Some product","reason":"\#(filler)","score":0.87,"#
    + #""price":{"amount":12.50,"currency":"EUR"},"images":\#(images)}"#
let answers = [
    user, "[\(Array(repeating: post, count: 20).joined(separator: ","))]",
    "{\"items\":[\(Array(repeating: recommendation, count: 28).joined(separator: ","))]}",
]
let templates = [
    ("user", "GET /users/{id}"), ("posts", "GET /users/{id}/posts"), ("recs", "GET /recommendations/{id}"),
]

let routes = try templates.enumerated().map { index, route in
    try RouteDescription(
        index: index, name: route.0, upstream: "up", template: URITemplate(route.1), headers: [], body: nil,
        batchMax: nil, notFoundIsError: false, policies: RoutePolicies())
}
let schema = try Schema.build(
    documents: [try Parser.parseSchemaDocument(Source(sdl))], builtIns: BuiltInDirectives.definitions)
let profiles = ProfileSet([ProfileDefinition(name: "web")])
let mapping = try MappedSchema(schema: schema, routes: routes, profiles: profiles)
let document = try Parser.parseDocument(Source(query))
let entry = OperationEntry(document: document, operation: document.operations[0])
let plan = ExecutablePlan(
    try Planner(mapping: mapping).plan(entry, profile: profiles.defaultProfile), schema: schema)

let memory = Memory()
for answer in answers {
    let buffer = ByteBuffer(capacity: answer.utf8.count + 64)
    buffer.append(answer)
    memory.contents.append(buffer)
}
let runs = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let pool = OperationRunPool(starter: memory, loop: nil)
let client = Client()
let output = ByteBuffer(capacity: 16 * 1024)
let clock = ContinuousClock()
let started = clock.now
for _ in 0..<runs {
    output.clear()
    let run = pool.take(plan, variables: ["id": .string("u1")], context: client, callLimit: 50)
    run.run { _ in }
    run.writeAnswer(to: output)
    pool.giveBack(run)
}
let elapsed = clock.now - started
print("in \(answers.map(\.utf8.count).reduce(0, +)) B, out \(output.count) B, \(elapsed / runs) a run")
