public import Bytes

/// The request in its trace.
extension AccessRecord {
    /// Appends a span for the request, one for planning, one for each call and one for each try of it, as they stand in a
    /// `SpanDocument`.
    /// - Parameters:
    ///   - context: the trace, and the request's own span.
    ///   - parent: the span that the request's is a child of; nil for a trace's first.
    ///   - door: the kind of door that answered.
    ///   - isNamedByOperation: whether the request's span is called by its operation, not by method and door. Paths are
    ///     the clients' to choose; a span's name isn't.
    ///   - now: when the request ended, in nanoseconds of the monotonic clock.
    /// - Returns: how many they are.
    public func appendSpans(
        _ context: TraceContext, parent: UInt64?, door: StaticString, isNamedByOperation: Bool, now: UInt64,
        _ identifiers: inout IdentifierGenerator, to text: ByteBuffer
    ) -> Int {
        var spans = SpanWriter(context, now: now, wall: time, to: text)
        spans.begin(context.span, parent: parent)
        if isNamedByOperation {
            text.append("graphql ")
            if let operation { text.appendEscaped(operation) }
        } else {
            text.appendEscaped(method)
            text.append(UInt8(ascii: " "))
            text.append(door)
        }
        spans.times(.server, now - min(duration, now), duration)
        appendAttributes(door, to: &spans)
        spans.end(isError: status >= 500)
        if let planning {
            spans.begin(identifiers.spanID(), parent: context.span)
            text.append("plan")
            spans.times(.internal, planning.lowerBound, UInt64(planning.count))
            spans.end(isError: false)
        }
        let upstreams = upstreams
        let calls = upstreams.span
        for index in calls.indices where calls[index].span != 0 {
            calls[index].appendSpan(parent: context.span, to: &spans)
            for position in calls[index].tries {
                spans.begin(identifiers.spanID(), parent: calls[index].span)
                tries[position].appendSpan(resends: position - calls[index].tries.lowerBound, to: &spans)
            }
        }
        return spans.count
    }

    private func appendAttributes(_ door: StaticString, to spans: inout SpanWriter) {
        spans.attribute("http.request.method") { $0.appendEscaped(method) }
        spans.attribute("url.path") { $0.appendEscaped(path) }
        spans.attribute("http.response.status_code", status)
        spans.attribute("sluice.door") { $0.append(door) }
        spans.attribute("sluice.request_id") { $0.appendEscaped(requestID) }
        if let profile { spans.attribute("sluice.profile") { $0.appendEscaped(profile) } }
        if let operation { spans.attribute("graphql.operation.name") { $0.appendEscaped(operation) } }
    }
}

extension AccessRecord.UpstreamCall {
    fileprivate func appendSpan(parent: UInt64, to spans: inout SpanWriter) {
        spans.begin(span, parent: parent)
        spans.text.append(subject.spanName)
        spans.times(.client, start, duration)
        spans.attribute("peer.service") { $0.append(subject.escapedName) }
        spans.attribute("sluice.attempts", attempts)
        if subject.route != nil { spans.attribute("sluice.route") { $0.append(subject.spanName) } }
        spans.end(status: status)
    }

}

extension AccessRecord.Try {
    fileprivate func appendSpan(resends: Int, to spans: inout SpanWriter) {
        spans.text.append("try")
        spans.times(.internal, start, duration)
        if resends > 0 { spans.attribute("http.request.resend_count", resends) }
        spans.end(status: status)
    }
}

extension SpanWriter {
    /// Ends a span of what was answered with `status`, or not at all.
    fileprivate mutating func end(status: Int?) {
        if let status { attribute("http.response.status_code", status) }
        end(isError: (status ?? 599) >= 500)
    }
}
