public import Bytes

/// What is known of one request, for the lines that are written about it, and its access line.
///
/// Made to be used again: `reset` keeps the storage. Confined to its owner's thread.
public final class AccessRecord {
    /// When the request ended.
    public var time = WallTime(nanoseconds: 0)
    /// When the request arrived, in nanoseconds of the monotonic clock.
    public var start: UInt64 = 0
    /// When planning began and ended, in nanoseconds of the monotonic clock; nil where nobody asked.
    public var planning: Range<UInt64>?
    /// The request method.
    public var method = ""
    /// The request path, without the query.
    public let path = ByteBuffer(capacity: 128)
    /// The answer's status; 0 if the client went away before there was one.
    public var status = 0
    /// Nanoseconds from the request's arrival to its end.
    public var duration: UInt64 = 0
    /// What `x-request-id` says.
    public let requestID = ByteBuffer(capacity: 64)
    /// The trace the request belongs to; nil if it is not traced.
    public var trace: TraceContext?
    /// The device profile; nil where there is none.
    public var profile: String?
    /// The GraphQL operation's name; nil if it has none.
    public var operation: String?
    /// The subject of the client's certificate; told only where it showed one.
    public var clientSubject: String?
    /// Why the request's token was refused, in a word; told only where it was.
    public var refusedToken: String?
    /// The calls that the request made, in the order they ended.
    public private(set) var upstreams: [UpstreamCall] = []
    /// The tries of all of them, one call's after the other's.
    private(set) var tries: [Try] = []

    /// A record to be filled in.
    public init() {}

    /// Adds a call that has ended, with its tries where they are known.
    public func add(_ call: consuming UpstreamCall, tries: [Try] = []) {
        upstreams.append(call)
        guard !tries.isEmpty else { return }
        let first = self.tries.count
        self.tries += tries
        upstreams[upstreams.count - 1].tries = first..<self.tries.count
    }

    /// Forgets the request.
    public func reset() {
        planning = nil
        path.clear()
        path.shrink(to: 1024)
        requestID.clear()
        trace = nil
        profile = nil
        operation = nil
        clientSubject = nil
        refusedToken = nil
        if !upstreams.isEmpty { upstreams.removeAll(keepingCapacity: true) }
        if !tries.isEmpty { tries.removeAll(keepingCapacity: true) }
    }

    // MARK: Lines

    /// Appends the line, line feed included. Members are always all there; what isn't known is null. The level is
    /// `error` from status 500 on.
    public func append(to line: ByteBuffer, _ times: TimeText) {
        line.append("{\"ts\":\"")
        times.append(time, to: line)
        line.append(status >= 500 ? "\",\"level\":\"error\"" : "\",\"level\":\"info\"")
        line.append(",\"msg\":\"access\"")
        appendMembers(to: line)
        line.append("}\n")
    }

    /// Appends the line of a request that took too long: the same members, and how it went (`timing`).
    public func appendSlow(to line: ByteBuffer, _ times: TimeText) {
        line.append("{\"ts\":\"")
        times.append(time, to: line)
        line.append("\",\"level\":\"warn\",\"msg\":\"slow\"")
        appendMembers(to: line)
        line.append(",\"timing\":")
        appendTiming(elapsed: duration, to: line)
        line.append("}\n")
    }

    private func appendMembers(to line: ByteBuffer) {
        line.append(",\"method\":\"")
        line.appendEscaped(method)
        line.append("\",\"path\":\"")
        line.appendEscaped(path)
        line.append("\",\"status\":")
        line.append(decimal: status)
        line.append(",\"duration_ms\":")
        line.appendMilliseconds(duration)
        line.append(",\"request_id\":\"")
        line.appendEscaped(requestID)
        if let trace {
            line.append("\",\"trace_id\":\"")
            trace.appendTraceID(to: line)
            line.append("\",\"profile\":")
        } else {
            line.append("\",\"trace_id\":null,\"profile\":")
        }
        line.appendJSON(profile)
        line.append(",\"operation\":")
        line.appendJSON(operation)
        if let clientSubject {
            line.append(",\"client_subject\":")
            line.appendJSON(clientSubject)
        }
        if let refusedToken {
            line.append(",\"refused_token\":")
            line.appendJSON(refusedToken)
        }
        line.append(",\"upstreams\":[")
        // A span lends its elements; an array would copy each.
        let upstreams = upstreams
        let calls = upstreams.span
        for index in calls.indices {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            calls[index].append(to: line)
        }
        line.append(UInt8(ascii: "]"))
    }
}
