/// How a request went: its waterfall, for those who may look. Nothing in it names a URL or a field of a request.
extension AccessRecord {
    /// Appends `{elapsed, plan?: {start, end}, calls: [{route, upstream, start, end, status, attempts, hedges?, cache?,
    /// sent, received, tries?: [{start, end, status}]}]}`. All times are milliseconds since the request arrived.
    /// - Parameter elapsed: nanoseconds since then.
    public func appendTiming(elapsed: UInt64, to line: inout [UInt8]) {
        line.appendText("{\"elapsed\":")
        line.appendMilliseconds(elapsed)
        if let planning {
            line.appendText(",\"plan\":{")
            append(planning.lowerBound, planning.upperBound, to: &line)
            line.appendText("}")
        }
        line.appendText(",\"calls\":[")
        for (index, call) in upstreams.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            append(call, to: &line)
        }
        line.appendText("]}")
    }

    /// Appends the value of `Server-Timing` (W3C): the plan and each call, in milliseconds, then the whole.
    public func appendServerTiming(elapsed: UInt64, to line: inout [UInt8]) {
        if let planning {
            line.appendText("plan;dur=")
            line.appendMilliseconds(planning.upperBound - planning.lowerBound)
            line.appendText(", ")
        }
        for call in upstreams {
            line.appendText(call.route ?? call.name)
            line.appendText(";dur=")
            line.appendMilliseconds(call.duration)
            line.appendText(", ")
        }
        line.appendText("total;dur=")
        line.appendMilliseconds(elapsed)
    }

    private func append(_ begin: UInt64, _ end: UInt64, to line: inout [UInt8]) {
        line.appendText("\"start\":")
        line.appendMilliseconds(begin - min(start, begin))
        line.appendText(",\"end\":")
        line.appendMilliseconds(end - min(start, end))
    }

    private func append(_ call: UpstreamCall, to line: inout [UInt8]) {
        line.appendText("{\"route\":")
        line.appendJSON(call.route)
        line.appendText(",\"upstream\":")
        line.appendJSON(call.name)
        line.append(UInt8(ascii: ","))
        append(call.start, call.start + call.duration, to: &line)
        appendStatus(call.status, to: &line)
        line.appendText(",\"attempts\":")
        line.appendDecimal(call.attempts)
        if call.hedges > 0 {
            line.appendText(",\"hedges\":")
            line.appendDecimal(call.hedges)
        }
        if let cache = call.cache {
            line.appendText(",\"cache\":")
            line.appendJSON(cache)
        }
        line.appendText(",\"sent\":")
        line.appendDecimal(call.sent)
        line.appendText(",\"received\":")
        line.appendDecimal(call.received)
        if !call.tries.isEmpty {
            line.appendText(",\"tries\":[")
            for (index, one) in call.tries.enumerated() {
                line.appendText(index > 0 ? ",{" : "{")
                append(one.start, one.start + one.duration, to: &line)
                appendStatus(one.status, to: &line)
                line.append(UInt8(ascii: "}"))
            }
            line.append(UInt8(ascii: "]"))
        }
        line.append(UInt8(ascii: "}"))
    }

    private func appendStatus(_ status: Int?, to line: inout [UInt8]) {
        line.appendText(",\"status\":")
        if let status { line.appendDecimal(status) } else { line.appendText("null") }
    }
}
