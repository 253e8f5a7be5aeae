internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import HTTPServer
internal import Telemetry

/// The request's trace, as its calls pass it on.
extension GatewayRequest {
    /// Appends what makes an upstream's spans children of a call of this request.
    /// - Returns: the call's span.
    func append(_ recording: RequestTrace, to output: FieldList) -> UInt64 {
        let context = recording.context.child(span: shard.identifiers.spanID())
        if recording.tracer.propagatesW3C {
            output.append(.traceparent) { context.appendTraceparent(to: $0) }
            let request: FieldList = exchange.request.fields
            if let index = request.index(of: .tracestate) { output.append(lineAt: index, of: request) }
        }
        if recording.tracer.propagatesB3 { output.append(.b3) { context.appendB3(to: $0) } }
        return context.span
    }

    /// Puts the call's place in the trace where the client's own was among the fields of a streamed call.
    /// - Returns: the call's span.
    func replaceTrace(_ recording: RequestTrace, in fields: FieldList) -> UInt64 {
        let own = FieldList()
        let span = append(recording, to: own)
        fields.replaceLines(with: own)
        return span
    }

    /// Does the request's planning, and notes when, where somebody wants to know.
    func planning<Result, Failure: Error>(_ work: () throws(Failure) -> Result) throws(Failure) -> Result {
        guard recording != nil || isInspected || snapshot.slowDuration != .max else { return try work() }
        let start = shard.loop.preciseNow().nanoseconds
        defer { record.planning = start..<shard.loop.preciseNow().nanoseconds }
        return try work()
    }
}

extension RawSpan {
    /// Whether it is a name of B3's many fields (`x-b3-traceid` and the like).
    var isB3Field: Bool { byteCount > 5 && extracting(0..<5).equalsIgnoringCase("x-b3-") }
}
