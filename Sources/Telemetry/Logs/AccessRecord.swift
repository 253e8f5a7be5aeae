/// What the access log tells about one request, and its JSON line.
public struct AccessRecord: Sendable {
    /// One call to an upstream, all its tries together.
    public struct UpstreamCall: Sendable {
        /// The upstream's name.
        public var name: String
        /// The route's name; nil for a passthrough door.
        public var route: String?
        /// The answer's status; nil if none came.
        public var status: Int?
        /// Nanoseconds from the start of the first try to the end of the last.
        public var duration: UInt64
        /// Tries made.
        public var attempts: Int
        /// Tries that were sent a second time because they were slow; told only where there are some.
        public var hedges: Int
        /// Where the answer came from, told only where the cache or another call had a part in it.
        public var cache: String?
        /// Bytes of content that were sent.
        public var sent = 0
        /// Bytes of content that were answered; those of a stored answer too.
        public var received = 0
        /// When it was started, in nanoseconds of the monotonic clock.
        public var start: UInt64 = 0
        /// Its span in the request's trace; 0 where it is not traced.
        public var span: UInt64 = 0
        /// Its tries; none where it is not traced.
        public var tries: [Try] = []

        /// One try of a call.
        public struct Try: Sendable {
            /// When it began, in nanoseconds of the monotonic clock.
            public var start: UInt64
            /// Nanoseconds that it took.
            public var duration: UInt64
            /// The answer's status; nil if none came.
            public var status: Int?

            /// One try.
            public init(start: UInt64, duration: UInt64, status: Int?) {
                self.start = start
                self.duration = duration
                self.status = status
            }
        }

        /// One call; `duration` in nanoseconds.
        public init(
            name: String, route: String?, status: Int?, duration: UInt64, attempts: Int, hedges: Int = 0,
            cache: String? = nil
        ) {
            self.name = name
            self.route = route
            self.status = status
            self.duration = duration
            self.attempts = attempts
            self.hedges = hedges
            self.cache = cache
        }
    }

    /// When the request ended.
    public var time = WallTime(nanoseconds: 0)
    /// When the request arrived, in nanoseconds of the monotonic clock.
    public var start: UInt64 = 0
    /// When planning began and ended, in nanoseconds of the monotonic clock; nil where nobody asked.
    public var planning: Range<UInt64>?
    /// The request method.
    public var method = ""
    /// The request path, without the query.
    public var path = ""
    /// The answer's status; 0 if the client went away before there was one.
    public var status = 0
    /// Nanoseconds from the request's arrival to its end.
    public var duration: UInt64 = 0
    /// What `x-request-id` says.
    public var requestID = ""
    /// The trace the request belongs to; nil if it is not traced.
    public var traceID: String?
    /// The device profile; nil where there is none.
    public var profile: String?
    /// The GraphQL operation's name; nil if it has none.
    public var operation: String?
    /// The subject of the client's certificate; told only where it showed one.
    public var clientSubject: String?
    /// Why the request's token was refused, in a word; told only where it was.
    public var refusedToken: String?
    /// The calls that the request made, in the order they began.
    public var upstreams: [UpstreamCall] = []

    /// A record to be filled in.
    public init() {}

    /// Appends the line, line feed included. Members are always all there; what isn't known is null. The level is
    /// `error` from status 500 on.
    public func append(to line: inout [UInt8]) {
        append(level: status >= 500 ? "error" : "info", message: "access", to: &line)
        line.appendText("}\n")
    }

    /// Appends the line of a request that took too long: the same members, and how it went (`timing`).
    public func appendSlow(to line: inout [UInt8]) {
        append(level: "warn", message: "slow", to: &line)
        line.appendText(",\"timing\":")
        appendTiming(elapsed: duration, to: &line)
        line.appendText("}\n")
    }

    private func append(level: StaticString, message: StaticString, to line: inout [UInt8]) {
        line.appendText("{\"ts\":\"")
        time.append(to: &line)
        line.appendText("\",\"level\":\"")
        line.appendText(level)
        line.appendText("\",\"msg\":\"")
        line.appendText(message)
        line.appendText("\",\"method\":")
        line.appendJSON(method)
        line.appendText(",\"path\":")
        line.appendJSON(path)
        line.appendText(",\"status\":")
        line.appendDecimal(status)
        line.appendText(",\"duration_ms\":")
        line.appendMilliseconds(duration)
        line.appendText(",\"request_id\":")
        line.appendJSON(requestID)
        line.appendText(",\"trace_id\":")
        line.appendJSON(traceID)
        line.appendText(",\"profile\":")
        line.appendJSON(profile)
        line.appendText(",\"operation\":")
        line.appendJSON(operation)
        if let clientSubject {
            line.appendText(",\"client_subject\":")
            line.appendJSON(clientSubject)
        }
        if let refusedToken {
            line.appendText(",\"refused_token\":")
            line.appendJSON(refusedToken)
        }
        line.appendText(",\"upstreams\":[")
        for index in upstreams.indices {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            upstreams[index].append(to: &line)
        }
        line.appendText("]")
    }
}

extension AccessRecord.UpstreamCall {
    fileprivate func append(to line: inout [UInt8]) {
        line.appendText("{\"name\":")
        line.appendJSON(name)
        line.appendText(",\"route\":")
        line.appendJSON(route)
        line.appendText(",\"status\":")
        if let status { line.appendDecimal(status) } else { line.appendText("null") }
        line.appendText(",\"duration_ms\":")
        line.appendMilliseconds(duration)
        line.appendText(",\"attempts\":")
        line.appendDecimal(attempts)
        if hedges > 0 {
            line.appendText(",\"hedges\":")
            line.appendDecimal(hedges)
        }
        if let cache {
            line.appendText(",\"cache\":")
            line.appendJSON(cache)
        }
        line.append(UInt8(ascii: "}"))
    }
}
