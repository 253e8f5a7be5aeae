public import Bytes
public import GraphQL
public import HTTP
public import Planning

/// Renders the requests of REST doors from their routes' templates, by the rules that hold for fields. One per shard, on
/// its thread.
public final class RouteRequestRenderer {
    private var renderer = RequestRenderer()

    /// A renderer.
    public init() {}

    /// Why no call can be made: a parameter that can't stand where the template has it.
    public struct Refusal: Error {
        /// The code: `BAD_USER_INPUT` where a parameter or header is to blame.
        public let code: ErrorCode
        /// What is wrong, for people.
        public let message: String
    }

    /// Appends the request of `route`.
    /// - Parameters:
    ///   - bindings: what the route's inputs are bound to (`RouteDescription.doorBindings`).
    ///   - parameters: the door's parameters; one that appeared several times is a list.
    ///   - target: receives path and query.
    ///   - fields: receives the fields that the route sets.
    ///   - content: receives the content.
    /// - Returns: whether there is content, and what decides which target the call goes to.
    public func render(
        _ route: RouteDescription, bindings: [Binding], parameters: [String: InputValue], context: any RequestContext,
        profile: Profile, target: ByteBuffer, fields: FieldList, content: ByteBuffer
    ) throws(Refusal) -> (hasContent: Bool, targetKey: UInt64?) {
        var request = RenderedRequest(target: target, fields: fields, content: content)
        let issue = renderer.render(
            BoundRoute(route: route, bindings: bindings),
            RenderInputs(context: context, profile: profile.name, parameters: parameters), into: &request)
        if let issue { throw Refusal(code: issue.code, message: issue.message) }
        return (request.hasContent, request.targetKey)
    }
}
