internal import Configuration
internal import EventLoop
internal import HTTP
internal import Telemetry

/// Decides which requests are recorded as traces and under which identity, and hands on what was recorded. Any thread.
final class Tracer: Sendable {
    /// How trace contexts are read from requests and passed on to upstreams.
    let propagation: Set<TracesConfiguration.Propagation>
    /// By kind of door.
    private let samplers: [TraceSampler]
    /// For a request whose door isn't known yet: it records what any of the others does.
    private let widest: TraceSampler
    private let exporter: SpanExporter

    init(_ settings: TracesConfiguration, _ exporter: SpanExporter) {
        propagation = Set(settings.propagate.map(\.value))
        let shares = DoorKind.allCases.map { door in
            TracesConfiguration.Door(rawValue: door.label).flatMap { settings.doors[$0] } ?? settings.sample
        }
        samplers = shares.map(TraceSampler.init)
        widest = TraceSampler(share: shares.max() ?? settings.sample)
        self.exporter = exporter
    }

    /// The place in a trace that a request comes with; nil where it comes with none.
    func parent(_ fields: FieldList) -> TraceContext? {
        if propagation.contains(.w3c), let value = fields.firstValue(of: .traceparent),
            let context = TraceContext(traceparent: value)
        {
            return context
        }
        guard propagation.contains(.b3) else { return nil }
        if let value = fields.firstValue(of: .b3) { return TraceContext(b3: value) }
        guard let trace = fields.index(ofName: "x-b3-traceid"), let span = fields.index(ofName: "x-b3-spanid") else {
            return nil
        }
        if let sampled = fields.index(ofName: "x-b3-sampled") {
            return TraceContext(
                b3Trace: fields.value(at: trace), span: fields.value(at: span), sampled: fields.value(at: sampled))
        }
        return TraceContext(b3Trace: fields.value(at: trace), span: fields.value(at: span), sampled: nil)
    }

    /// The recording of a request that came with `parent`; nil where it isn't recorded. Where the trace begins here, the
    /// request's door has a say once it is known.
    func record(_ parent: TraceContext?, _ identifiers: inout IdentifierGenerator) -> RequestTrace? {
        if let parent {
            guard parent.isSampled else { return nil }
            return RequestTrace(self, parent.child(span: identifiers.spanID()), parent: parent.span)
        }
        let context = identifiers.trace(isSampled: true)
        return widest.isSampled(context.traceLow) ? RequestTrace(self, context, parent: nil) : nil
    }

    /// Whether a trace that begins here is recorded at such a door.
    fileprivate func keeps(_ context: TraceContext, at door: DoorKind) -> Bool {
        samplers[door.rawValue].isSampled(context.traceLow)
    }

    /// Takes the spans of one request.
    func export(_ spans: [Span]) { exporter.take(spans) }
}

/// What is recorded of one request for its trace.
struct RequestTrace {
    let tracer: Tracer
    /// The trace, and the request's own span.
    let context: TraceContext
    private let parent: UInt64?

    init(_ tracer: Tracer, _ context: TraceContext, parent: UInt64?) {
        self.tracer = tracer
        self.context = context
        self.parent = parent
    }

    /// Whether it is recorded still, now that the request's door is known.
    func isKept(at door: DoorKind) -> Bool { parent != nil || tracer.keeps(context, at: door) }

    /// The spans of the request, which took `record.duration` up to `now`.
    func spans(
        _ record: AccessRecord, door: DoorKind, now: MonotonicTime, _ identifiers: inout IdentifierGenerator
    ) -> [Span] {
        let clock = SpanClock(now: now, wall: record.time)
        let start = now.nanoseconds - min(record.duration, now.nanoseconds)
        var request = clock.span(
            context, parent: parent, name: name(record, door), kind: .server, start, record.duration)
        request.attributes = [
            ("http.request.method", .text(record.method)), ("url.path", .text(record.path)),
            ("http.response.status_code", .number(record.status)), ("sluice.door", .text(door.label)),
            ("sluice.request_id", .text(record.requestID)),
        ]
        if let profile = record.profile { request.attributes.append(("sluice.profile", .text(profile))) }
        if let operation = record.operation { request.attributes.append(("graphql.operation.name", .text(operation))) }
        request.isError = record.status >= 500
        var spans = [request]
        if let planning = record.planning {
            spans.append(
                clock.span(
                    context.child(span: identifiers.spanID()), parent: context.span, name: "plan", kind: .internal,
                    planning.lowerBound, UInt64(planning.count)))
        }
        for call in record.upstreams where call.span != 0 { append(call, clock, to: &spans, &identifiers) }
        return spans
    }

    private func name(_ record: AccessRecord, _ door: DoorKind) -> String {
        // Paths are the clients' to choose; a span's name isn't.
        door == .graphQL ? "graphql \(record.operation ?? "")" : "\(record.method) \(door.label)"
    }

    private func append(
        _ call: AccessRecord.UpstreamCall, _ clock: SpanClock, to spans: inout [Span],
        _ identifiers: inout IdentifierGenerator
    ) {
        let own = context.child(span: call.span)
        var span = clock.span(
            own, parent: context.span, name: call.route ?? call.name, kind: .client, call.start, call.duration)
        span.attributes = [("peer.service", .text(call.name)), ("sluice.attempts", .number(call.attempts))]
        if let route = call.route { span.attributes.append(("sluice.route", .text(route))) }
        Self.note(call.status, in: &span)
        spans.append(span)
        for (index, one) in call.tries.enumerated() {
            var attempt = clock.span(
                context.child(span: identifiers.spanID()), parent: call.span, name: "try", kind: .internal, one.start,
                one.duration)
            if index > 0 { attempt.attributes.append(("http.request.resend_count", .number(index))) }
            Self.note(one.status, in: &attempt)
            spans.append(attempt)
        }
    }

    private static func note(_ status: Int?, in span: inout Span) {
        if let status { span.attributes.append(("http.response.status_code", .number(status))) }
        span.isError = (status ?? 599) >= 500
    }
}

/// Turns times of the monotonic clock into those of the wall's.
private struct SpanClock {
    let now: MonotonicTime
    let wall: WallTime

    func span(
        _ context: TraceContext, parent: UInt64?, name: String, kind: Span.Kind, _ start: UInt64, _ duration: UInt64
    ) -> Span {
        let ago = now.nanoseconds > start ? now.nanoseconds - start : 0
        let begin = WallTime(nanoseconds: wall.nanoseconds - min(ago, wall.nanoseconds))
        return Span(
            context, parent: parent, name: name, kind: kind, start: begin,
            end: WallTime(nanoseconds: begin.nanoseconds + duration))
    }
}
