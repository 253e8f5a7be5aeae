// What follows in the next commits: validation, introspection and the REST doors. Until then nothing is refused here.
internal import Bytes
internal import Configuration
internal import Execution
internal import GraphQL
internal import HTTP
internal import Planning
internal import Upstream

enum Validator {
    struct P { var message: String; var offsets: [UInt32] }
    static func validate(_ document: Document, schema: Schema, allowsIntrospection: Bool) -> [P] { [] }
}
enum IntrospectionAnswers { static func renderer(_ schema: Schema) -> IntrospectionRenderer? { nil } }
struct Router: Sendable {
    struct D { func handle(_ request: GatewayRequest, captures: [Range<Int>]) {} }
    enum M { case door(D), options(String), methodNotAllowed(String), notFound }
    func match(_ head: RequestHead, captures: inout [Range<Int>]) -> M { .notFound }
}
struct DoorBuilder {
    var configuration: GatewayConfiguration; var file: String; var planner: Planner?; var profiles: ProfileSet
    var routes: [RouteDescription]; var registry: UpstreamRegistry
    func build() -> (router: Router, problems: [Problem], sources: [SourceFile]) { (Router(), [], []) }
}
