public import HTTP

/// A route as planning, execution and the REST doors see it: its templates taken apart, and numbers for `explain`.
///
/// Made by the gateway from its configuration. Immutable.
public final class RouteDescription: Sendable {
    /// Its index among the routes.
    public let index: Int
    /// Its name, `users.get`.
    public let name: String
    /// Its upstream's name.
    public let upstream: String
    /// The request template: the method, path and query.
    public let template: URITemplate
    /// All values that the templates need, without doubles: bindings come in this order.
    public let inputs: [RouteInput]
    /// For each variable of `template`, in its order, the index in `inputs`.
    public let templateInputs: [Int]
    /// The inputs that stand in the path, where each needs a single value.
    public let pathInputs: Set<Int>
    /// Headers that the route sets.
    public let headers: [HeaderTemplate]
    /// The body that it sends.
    public let body: BodyTemplate?
    /// How many keys one call of a batch takes at most.
    public let batchMax: Int?
    /// Whether an upstream's 404 is an error at a nullable field too.
    public let notFoundIsError: Bool
    /// The input whose value decides which of the upstream's targets a call goes to; nil where none does.
    public let targetKeyInput: Int?
    /// Numbers and names for `explain`.
    public let policies: RoutePolicies

    /// Takes the templates of a route apart, or throws every problem with them.
    ///
    /// - Parameters:
    ///   - headers: name and value template of each header that is set.
    ///   - body: the body template as the configuration has it.
    ///   - targetKey: the name of the variable, or of the `$args`, whose value decides which target a call goes to.
    public init(
        index: Int, name: String, upstream: String, template: URITemplate, headers: [(name: String, value: String)],
        body: TemplateValue?, batchMax: Int?, notFoundIsError: Bool, policies: RoutePolicies,
        targetKey: String? = nil
    ) throws(RouteTemplateErrors) {
        var compiler = TemplateCompiler()
        self.index = index
        self.name = name
        self.upstream = upstream
        self.template = template
        templateInputs = template.variables.map { compiler.input($0) }
        self.headers = headers.map { compiler.header($0.name, $0.value) }
        self.body = body.map { compiler.body($0) }
        inputs = compiler.inputs
        targetKeyInput = targetKey.flatMap { name in
            compiler.inputs.firstIndex { $0 == .variable(name) || $0 == .expression(.argument([name])) }
        }
        self.batchMax = batchMax
        self.notFoundIsError = notFoundIsError
        var policies = policies
        if let cache = policies.cache {
            policies.cache?.isPrivate = Self.isPrivate(self.headers, inputs, forwarding: cache.keyFields)
        }
        self.policies = policies
        let pathVariables = template.path.count { if case .variable = $0 { true } else { false } }
        pathInputs = Set(templateInputs.prefix(pathVariables))
        if !compiler.problems.isEmpty { throw RouteTemplateErrors(problems: compiler.problems) }
    }
}

extension RouteDescription {
    /// Fields that tell who asks.
    private static let credentials: Set = ["authorization", "cookie"]

    /// Whether what the route answers is of one caller only: it is told who asks.
    /// - Parameter fields: those of the client's request that go along.
    public func isPrivate(forwarding fields: [String]) -> Bool {
        Self.isPrivate(headers, inputs, forwarding: fields)
    }

    private static func isPrivate(
        _ headers: [HeaderTemplate], _ inputs: [RouteInput], forwarding fields: [String]
    ) -> Bool {
        if (fields + headers.map(\.name)).contains(where: credentials.contains) { return true }
        return inputs.contains { input in
            switch input {
            case .expression(.claim): true
            case .expression(.header(let name)): credentials.contains(name)
            default: false
            }
        }
    }

    /// An input as its author wrote it, `{id}` or `$args.input`.
    public func inputName(_ index: Int) -> String {
        switch inputs[index] {
        case .variable(let name): "{\(name)}"
        case .expression(let expression): expression.description
        }
    }
}

/// What a call to a route may take and try, for `explain`; calling needs none of it. Times are in nanoseconds.
public struct RoutePolicies: Sendable, Hashable {
    /// Bound of one try.
    public var timeout: UInt64?
    /// Tries at most; 1 is no retry.
    public var attempts: Int
    /// The longest pause between two tries.
    public var backoffMax: UInt64
    /// Whether the call may be tried again after it was sent.
    public var isIdempotent: Bool
    /// The breaker's name.
    public var breaker: String?
    /// Whether a value stands in when the call fails.
    public var hasFallback: Bool
    /// When a slow call is sent a second time, as the configuration writes it; nil = never.
    public var hedge: String?
    /// Whether equal calls that are under way at once are made once.
    public var isShared: Bool
    /// How its answers are stored; nil where they aren't.
    public var cache: CacheDescription?

    /// The policies of a route.
    public init(
        timeout: UInt64? = nil, attempts: Int = 1, backoffMax: UInt64 = 0, isIdempotent: Bool = true,
        breaker: String? = nil, hasFallback: Bool = false, hedge: String? = nil, isShared: Bool = false,
        cache: CacheDescription? = nil
    ) {
        self.timeout = timeout
        self.attempts = attempts
        self.backoffMax = backoffMax
        self.isIdempotent = isIdempotent
        self.breaker = breaker
        self.hasFallback = hasFallback
        self.hedge = hedge
        self.isShared = isShared
        self.cache = cache
    }
}

/// How a route's answers are stored, for `explain`. Times are in nanoseconds.
public struct CacheDescription: Sendable, Hashable {
    /// How long an answer is fresh; nil: as the upstream says.
    public var ttl: UInt64?
    /// How long after that it is served while it is refreshed.
    public var staleWhileRevalidate: UInt64?
    /// How long after that it stands in for a failed call.
    public var staleIfError: UInt64?
    /// How long a 404 is kept.
    public var negative: UInt64?
    /// The fields that tell one stored answer from another, beside method, path, query and content.
    public var keyFields: [String]
    /// Whether an answer is of one caller only. Its route sets it.
    public internal(set) var isPrivate = false

    /// A description.
    public init(
        ttl: UInt64?, staleWhileRevalidate: UInt64?, staleIfError: UInt64?, negative: UInt64?, keyFields: [String]
    ) {
        self.ttl = ttl
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.negative = negative
        self.keyFields = keyFields
    }
}

/// A value that a route's templates need.
public enum RouteInput: Sendable, Hashable {
    /// `{name}`, bound by name.
    case variable(String)
    /// `$args.x` and the like, written in the route itself.
    case expression(ValueExpression)
}

/// A header that a route sets.
public struct HeaderTemplate: Sendable, Hashable {
    /// The field name as configured.
    public let name: String
    /// The value's pieces.
    public let value: [TextPiece]
}

/// A piece of a text template.
public enum TextPiece: Sendable, Hashable {
    /// Text as it is.
    case literal(String)
    /// The value of the route input of that index.
    case input(Int)
}

/// A body template.
public indirect enum BodyTemplate: Sendable, Hashable {
    /// A constant; JSON text.
    case literal(String)
    /// The value of the route input of that index as JSON; absent, the member is left out or no body sent.
    case input(Int)
    /// A string put together from pieces.
    case text([TextPiece])
    /// A list.
    case list([BodyTemplate])
    /// An object.
    case object([BodyMember])
}

/// A member of a body template's object.
public struct BodyMember: Sendable, Hashable {
    /// The member's name.
    public let name: String
    /// `"name":`, ready to be written.
    public let keyJSON: String
    /// Its value.
    public let value: BodyTemplate
}

/// What is wrong with a route's templates.
public struct RouteTemplateErrors: Error, Sendable, Hashable {
    /// The problems in order: request, headers, body.
    public let problems: [RouteTemplateProblem]
}

/// One thing that is wrong with a route's templates.
public struct RouteTemplateProblem: Sendable, Hashable {
    /// Where it stands.
    public enum Part: Sendable, Hashable {
        /// In the request, at that byte of it.
        case request(Int)
        /// In the value of the header of that name.
        case header(String)
        /// In the body, at that member path (names and indices).
        case body([String])
    }

    /// Where it stands.
    public let part: Part
    /// A sentence for the author of the configuration.
    public let message: String
    /// What may have been meant.
    public let suggestion: String?
}
