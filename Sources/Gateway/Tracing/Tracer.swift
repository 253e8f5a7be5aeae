internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import Telemetry

/// Decides which requests are recorded as traces and under which identity, and hands on what was recorded. Any thread.
final class Tracer: Sendable {
    /// Whether trace contexts are read from requests and passed on to upstreams as W3C's fields, and as B3's.
    let propagatesW3C: Bool, propagatesB3: Bool
    /// By kind of door.
    private let samplers: [TraceSampler]
    /// For a request whose door isn't known yet: it records what any of the others does.
    private let widest: TraceSampler
    private let exporter: SpanExporter

    init(_ settings: TracesConfiguration, _ exporter: SpanExporter) {
        propagatesW3C = settings.propagate.contains { $0.value == .w3c }
        propagatesB3 = settings.propagate.contains { $0.value == .b3 }
        let shares = DoorKind.allCases.map { door in
            TracesConfiguration.Door(rawValue: "\(door.label)").flatMap { settings.doors[$0] } ?? settings.sample
        }
        samplers = shares.map(TraceSampler.init)
        widest = TraceSampler(share: shares.max() ?? settings.sample)
        self.exporter = exporter
    }

    /// The place in a trace that a request comes with; nil where it comes with none.
    func parent(_ fields: FieldList) -> TraceContext? {
        if propagatesW3C, let value = fields.firstValue(of: .traceparent),
            let context = TraceContext(traceparent: value)
        {
            return context
        }
        guard propagatesB3 else { return nil }
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

    /// Takes the spans of one request, as they stand in a document.
    func export(_ spans: ByteBuffer, count: Int) { exporter.take(spans, count: count) }
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

    /// Hands on the spans of the request, which ended `now`.
    func export(_ record: AccessRecord, door: DoorKind, now: MonotonicTime, on shard: Shard) {
        let text = shard.spanScratch
        let count = record.appendSpans(
            context, parent: parent, door: door.label, isNamedByOperation: door == .graphQL, now: now.nanoseconds,
            &shard.identifiers, to: text)
        tracer.export(text, count: count)
        text.clear()
        // The spans of hundreds of calls must not stay in memory.
        text.shrink(to: 64 << 10)
    }
}
