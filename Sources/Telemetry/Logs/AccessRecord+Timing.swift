public import Bytes

/// How a request went: its waterfall, for those who may look. Nothing in it names a URL or a field of a request.
extension AccessRecord {
    /// Appends `{elapsed, plan?: {start, end}, calls: [{route, upstream, start, end, status, attempts, hedges?, cache?,
    /// sent, received, tries?: [{start, end, status}]}]}`. All times are milliseconds since the request arrived.
    /// - Parameter elapsed: nanoseconds since then.
    public func appendTiming(elapsed: UInt64, to line: ByteBuffer) {
        line.append("{\"elapsed\":")
        line.appendMilliseconds(elapsed)
        if let planning {
            line.append(",\"plan\":{")
            append(planning.lowerBound, planning.upperBound, to: line)
            line.append("}")
        }
        line.append(",\"calls\":[")
        for (index, call) in upstreams.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(call, to: line)
        }
        line.append("]}")
    }

    /// Appends the value of `Server-Timing` (W3C): the plan and each call, in milliseconds, then the whole.
    public func appendServerTiming(elapsed: UInt64, to line: ByteBuffer) {
        if let planning {
            line.append("plan;dur=")
            line.appendMilliseconds(planning.upperBound - planning.lowerBound)
            line.append(", ")
        }
        for call in upstreams {
            line.append(call.subject.route ?? call.subject.name)
            line.append(";dur=")
            line.appendMilliseconds(call.duration)
            line.append(", ")
        }
        line.append("total;dur=")
        line.appendMilliseconds(elapsed)
    }

    private func append(_ begin: UInt64, _ end: UInt64, to line: ByteBuffer) {
        line.append("\"start\":")
        line.appendMilliseconds(begin - min(start, begin))
        line.append(",\"end\":")
        line.appendMilliseconds(end - min(start, end))
    }

    private func append(_ call: UpstreamCall, to line: ByteBuffer) {
        line.append("{\"route\":")
        line.appendJSON(call.subject.route)
        line.append(",\"upstream\":")
        line.appendJSON(call.subject.name)
        line.append(UInt8(ascii: ","))
        append(call.start, call.start + call.duration, to: line)
        line.append(",\"status\":")
        line.append(decimalOrNull: call.status)
        line.append(",\"attempts\":")
        line.append(decimal: call.attempts)
        if call.hedges > 0 {
            line.append(",\"hedges\":")
            line.append(decimal: call.hedges)
        }
        if let cache = call.cache {
            line.append(",\"cache\":\"")
            line.append(cache)
            line.append(UInt8(ascii: "\""))
        }
        line.append(",\"sent\":")
        line.append(decimal: call.sent)
        line.append(",\"received\":")
        line.append(decimal: call.received)
        if !call.tries.isEmpty {
            line.append(",\"tries\":[")
            for (index, one) in tries[call.tries].enumerated() {
                line.append(index > 0 ? ",{" : "{")
                append(one.start, one.start + one.duration, to: line)
                line.append(",\"status\":")
                line.append(decimalOrNull: one.status)
                line.append(UInt8(ascii: "}"))
            }
            line.append(UInt8(ascii: "]"))
        }
        line.append(UInt8(ascii: "}"))
    }
}
