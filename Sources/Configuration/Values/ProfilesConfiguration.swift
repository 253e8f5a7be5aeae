/// `profiles`: which devices there are, and how one is told.
public struct ProfilesConfiguration: Sendable {
    /// `default`: names one of `profiles`.
    public var defaultName = Located("web", at: .start)
    /// `header`: the field whose value, where it names a profile, wins over User-Agent; in lower case.
    public var header = "x-device-profile"
    /// The profiles, in the file's order; the first whose `userAgent` matches is taken.
    public var profiles: [Profile] = []

    /// A kind of device.
    public struct Profile: Sendable {
        /// Its name, the key in the file.
        public var name: Located<String>
        /// `userAgent`: patterns in which `*` stands for any text.
        public var userAgent: [String] = []
        /// `drop`: schema coordinates such as `User.history`.
        public var drop: [Located<String>] = []
        /// `lists.default`: the cap of every list; nil = none.
        public var listDefault: Int?
        /// The other `lists`: caps by schema coordinate.
        public var lists: [ListCap] = []
        /// `timeout`: the whole-request deadline of its clients, where that is less than `server.timeouts.request`.
        public var timeout: Located<TimeSpan>?
        /// `priority`: of the requests of its clients, where their door gives none; nil = normal.
        public var priority: Located<RequestPriority>?
    }

    /// A cap for one list.
    public struct ListCap: Sendable {
        /// The schema coordinate of the field.
        public var coordinate: Located<String>
        /// Most items.
        public var maximum: Int
    }
}

/// `telemetry`.
public struct TelemetryConfiguration: Sendable {
    /// `logs.format`.
    public var logFormat = LogFormat.json
    /// `logs.level`: the least that is written.
    public var logLevel = LogLevel.info
    /// `logs.access`: whether each request writes a line.
    public var accessLog = true
    /// `logs.slow`: from which duration on a request's waterfall is written; nil = never.
    public var slow: TimeSpan?
    /// `metrics.exemplars`: whether histograms of requests keep a traced request for each bucket.
    public var exemplars = false
    /// `inspect`; nil where the block is absent: nobody is shown how a request went.
    public var inspect: InspectConfiguration?
    /// `traces`; nil where the block is absent: nothing is recorded.
    public var traces: TracesConfiguration?

    /// How a log line looks.
    public enum LogFormat: String, CaseIterable, Sendable {
        case json
        case text
    }

    /// How grave a log line is.
    public enum LogLevel: String, CaseIterable, Sendable {
        case debug
        case info
        case warn
        case error
    }
}
