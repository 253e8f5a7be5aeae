/// `retry` of an upstream or a route.
public struct RetryConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `attempts`: tries in all, from 1 (no retry).
    public var attempts = 2
    /// `on`: which failures are tried again.
    public var on: [FailureKind] = [.connect, .reset, .timeout, .status(502), .status(503), .status(504)]
    /// `backoff.base`: the first ceiling of the jitter.
    public var backoffBase = TimeSpan.milliseconds(20)
    /// `backoff.max`: no ceiling is higher.
    public var backoffMaximum = TimeSpan.milliseconds(250)
    /// `budget`: retries as a share of calls, 0 to 1.
    public var budget = 0.2
}

/// A way in which a call fails: of `retry.on` and `breaker.failures`.
public enum FailureKind: Hashable, Sendable {
    /// No connection, or it was lost before anything was sent.
    case connect
    /// The connection was lost after that, or the answer is not HTTP.
    case reset
    /// The try's own timeout.
    case timeout
    /// This status code, 400 to 599.
    case status(Int)
    /// Every status code of 500 to 599: `5xx`.
    case serverError
}

/// `breaker` of an upstream or a route.
public struct BreakerConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `window`: how far back calls count.
    public var window = TimeSpan.seconds(30)
    /// `failureRatio`: the share of failures that opens it; over 0, up to 1.
    public var failureRatio = 0.65
    /// `minimumCalls`: fewer calls in the window never open it.
    public var minimumCalls = 20
    /// `openFor`: how long it stays open.
    public var openFor = TimeSpan.seconds(10)
    /// `probes`: calls at once while half-open.
    public var probes = 5
    /// `closeAfter`: successes that close it.
    public var closeAfter = 3
    /// `failures`: what counts as one.
    public var failures: [FailureKind] = [.connect, .reset, .timeout, .serverError]
    /// Where `failures` is written; nil = left out.
    public var failuresMark: Mark?
    /// `slowerThan`: an answer that took longer counts as a failure too; nil = none does.
    public var slowerThan: Located<TimeSpan>?
}

/// `concurrency` of an upstream or a route.
public struct ConcurrencyConfiguration: Sendable {
    /// `max`: calls at once.
    public var maximum = 256
    /// `queue`: calls that wait for one of those; 0 = none waits.
    public var queue = 64
    /// `adaptive`: whether the limit follows the upstream's latency, up to `max`.
    public var isAdaptive = false
    /// Where it is written to be; nil = it isn't.
    public var adaptiveMark: Mark?
}

/// `priority` of a door or a profile: how much its requests matter while not all can be served.
public enum RequestPriority: String, CaseIterable, Sendable {
    case high
    case normal
    case low
}

/// `hedge` of an upstream or a route: slow calls are sent a second time.
public struct HedgeConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `after`: when a call is slow.
    public var after = Located(Delay.percentile(95), at: .start)
    /// `atMost`: hedges as a share of calls, 0 to 1.
    public var atMost = 0.05

    /// When a call is slow.
    public enum Delay: Hashable, Sendable {
        /// After this time.
        case fixed(TimeSpan)
        /// After the time in which so many of a hundred answers come, 50 to 99: `p95`.
        case percentile(Int)
    }
}

/// `headers` of an upstream or a route: what a call carries beside what the gateway sets itself.
public struct HeadersConfiguration: Sendable {
    /// `forward`: fields taken from the client's request, in lower case.
    public var forward: [String] = []
    /// `set`: field names in lower case, in the file's order, and their templates.
    public var set: [Field] = []
    /// `remove`: fields that never go upstream, in lower case.
    public var remove: [String] = []
    /// `expose`: fields of the upstream's answers that clients get to see on composed answers.
    public var expose: [Exposed] = []

    /// One of `headers.expose`.
    public struct Exposed: Sendable {
        /// The field's name in lower case.
        public var name: String
        /// `merge`: what becomes of it where several answers have it.
        public var merge = Merge.first
    }

    /// How fields of several answers become one answer's.
    public enum Merge: String, CaseIterable, Sendable {
        /// Those of the first answer that has the field.
        case first
        /// All of them.
        case append
        /// The smallest number.
        case least
    }

    /// One of `headers.set`.
    public struct Field: Sendable {
        /// The field's name in lower case.
        public var name: String
        /// The value, which may hold `{name}` and `$claims.x` and so on.
        public var template: Located<String>
    }
}
