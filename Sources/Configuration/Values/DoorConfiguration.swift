/// One of `rest`: a door for REST clients on the public listener.
public struct DoorConfiguration: Sendable {
    /// The method in upper case; nil for `ANY`.
    public var method: String?
    /// The path pattern as written, without the method.
    public var pattern: Located<String>
    /// The pattern's segments after the leading slash.
    public var segments: [Segment]
    /// What is behind the door.
    public var destination: Destination
    /// `body`: most bytes of content; nil = `server.limits.body` where content is buffered, none where it is streamed.
    public var body: Int?
    /// `priority` of its requests while not all can be served; nil = their profile's.
    public var priority: Located<RequestPriority>?
    /// `require`; nil where the door says nothing of tokens.
    public var require: RequireConfiguration?
    /// `public`: whether nobody needs a token, also under `auth.default: deny`.
    public var isPublic: Located<Bool>?

    /// A segment of the pattern.
    public enum Segment: Hashable, Sendable {
        /// This text, as it stands between two slashes of the path (percent-encoded where it must be).
        case literal(String)
        /// `{name}`: any one segment that is not empty.
        case parameter(String)
        /// `{name...}`: everything that is left, also nothing; only the last one.
        case rest(String)
    }

    /// The four kinds of doors.
    public enum Destination: Sendable {
        /// `route` as it is, or without what `drop` lists for a profile.
        case route(Located<String>, drop: [Drop])
        /// `route` with `shape`: its answer trimmed to an object type.
        case shaped(route: Located<String>, type: Located<String>)
        /// `operation`: a file with one operation.
        case operation(Located<String>)
        /// `upstream`: streamed through; `rewrite` is the path sent, nil = the request's own.
        case upstream(Located<String>, rewrite: Located<String>?)
    }

    /// One entry of `drop`.
    public struct Drop: Sendable {
        /// The profile.
        public var profile: Located<String>
        /// JSON paths such as `avatar.large` and `history[*].debug`.
        public var paths: [Located<String>]
    }
}

extension DoorConfiguration {
    /// The route behind it; nil where it is another kind of door.
    public var routeName: String? {
        switch destination {
        case .route(let name, _), .shaped(let name, _): name.value
        case .operation, .upstream: nil
        }
    }
}
