import Bytes
import EventLoop
import Execution
import GraphQL
import HTTP
import Planning

/// The home screen of the comparison: three calls, 32 KB in, 10 KB out.
struct Workload {
    let schema: Schema
    let profiles = ProfileSet(
        [
            ProfileDefinition(name: "web"),
            ProfileDefinition(name: "phone", userAgents: ["*iPhone*", "*Android*Mobile*"]),
            ProfileDefinition(name: "tv", userAgents: ["*SmartTV*", "*AppleTV*", "*Tizen*", "*Web0S*"]),
        ], defaultName: "web", header: "x-device-profile")
    let planner: Planner
    let routes: [RouteDescription]
    let query: [UInt8]
    let document: Document
    let entry: OperationEntry
    let plan: Plan
    let answers: [ByteBuffer]

    init() throws {
        query = Array(Self.query.utf8)
        routes = try Self.templates.enumerated().map { index, route in
            try RouteDescription(
                index: index, name: route.0, upstream: "up", template: URITemplate(route.1), headers: [], body: nil,
                batchMax: nil, notFoundIsError: false, policies: RoutePolicies())
        }
        schema = try Schema.build(
            documents: [try Parser.parseSchemaDocument(Source(Self.sdl))], builtIns: BuiltInDirectives.definitions)
        planner = Planner(mapping: try MappedSchema(schema: schema, routes: routes, profiles: profiles))
        document = try Parser.parseDocument(Source(bytes: query))
        entry = OperationEntry(document: document, operation: document.operations[0])
        plan = try planner.plan(entry, profile: profiles.defaultProfile)
        answers = Self.answers.map { answer in
            let buffer = ByteBuffer(capacity: answer.utf8.count + 64)
            buffer.append(answer)
            return buffer
        }
    }

    private static let templates = [
        ("user", "GET /users/{id}"), ("posts", "GET /users/{id}/posts?limit={limit}"),
        ("recs", "GET /recommendations/{id}"),
    ]

    private static let sdl = """
        type Query {
          user(id: ID!): User @rest(route: "user")
          posts(userId: ID!, limit: Int = 20): [Post!]! @rest(route: "posts", with: {id: "$args.userId"})
            @listSize(argument: "limit")
          recommendations(userId: ID!): [Recommendation!]!
            @rest(route: "recs", with: {id: "$args.userId"}, at: "items")
        }
        type Image { url: String! width: Int! height: Int! }
        type Images { small: Image! medium: Image! large: Image! }
        type Money { amount: Float! currency: String! }
        type User { id: ID! name: String! verified: Boolean! avatar: Images! }
        type Post { id: ID! title: String! likes: Int! createdAt: String! cover: Image! }
        type Recommendation { productId: ID! title: String! score: Float! price: Money! images: Images! }
        """

    private static let query = """
        query Home($id: ID!, $limit: Int = 20) {
          user(id: $id) { id name verified avatar { medium { url } } }
          posts(userId: $id, limit: $limit) { id title likes createdAt cover { url } }
          recommendations(userId: $id) {
            productId title score price { amount currency } images { small { url } }
          }
        }
        """

    private static func image(_ name: String) -> String {
        #""\#(name)":{"url":"https://img.example/\#(name)/0123456789abcdef.jpg","width":320,"height":240}"#
    }
    private static let images = "{\(image("small")),\(image("medium")),\(image("large"))}"
    private static let filler = String(repeating: "lorem ipsum dolor sit amet ", count: 10)
    private static let user =
        #"{"id":"u1","username":"x","name":"Ada Lovelace","bio":"\#(filler)","verified":true,"avatar":\#(images)}"#
    private static let post =
        #"{"id":"p1","title":"A title of some words","slug":"a-title","body":"\#(filler)","tags":["a","b"],"likes":17,"#
        + #""views":120,"createdAt":"2025-01-01T00:00:00Z",\#(image("cover")),"status":"published"}"#
    private static let recommendation =
        #"{"productId":"r1","title":"Some product","reason":"\#(filler)","score":0.87,"#
        + #""price":{"amount":12.50,"currency":"EUR"},"images":\#(images)}"#
    private static let answers = [
        user, "[\(Array(repeating: post, count: 20).joined(separator: ","))]",
        "{\"items\":[\(Array(repeating: recommendation, count: 28).joined(separator: ","))]}",
    ]
}

/// Answers calls from memory, at once.
final class Memory: CallStarter {
    private let contents: [ByteBuffer]

    init(_ contents: [ByteBuffer]) { self.contents = contents }

    func start(_ call: ExecutionCall) { call.answered(status: 200, body: contents[call.route], attempts: 1) }
    func cancel(_ call: ExecutionCall) {}
    func release(_ call: ExecutionCall) {}
}

/// A client that sent nothing of interest.
final class Client: RequestContext {
    var requestFields: FieldList?
    var deadline = MonotonicTime.distantFuture
}
