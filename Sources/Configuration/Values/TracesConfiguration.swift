/// `telemetry.traces`: which requests are recorded, and who gets the records.
public struct TracesConfiguration: Sendable {
    /// `otlp`: the base URL of a collector that takes OTLP over HTTP.
    public var otlp = Located("http://127.0.0.1:4318", at: .start)
    /// `sample`: the share of traces that begin here; a caller's decision comes first.
    public var sample = 0.1
    /// `doors`: the share where it is another, by the kind of door.
    public var doors: [Door: Double] = [:]
    /// `propagate`: the forms in which trace contexts are read and passed on; at least one.
    public var propagate = [Located(Propagation.w3c, at: .start), Located(Propagation.b3, at: .start)]

    /// A kind of door, as metrics and spans call it.
    public enum Door: String, CaseIterable, Sendable {
        case graphql
        case operation
        case route
        case passthrough
    }

    /// A form of trace context.
    public enum Propagation: String, CaseIterable, Sendable {
        /// `traceparent` and `tracestate` (W3C Trace Context).
        case w3c
        /// `b3`, read also as `x-b3-*` (Zipkin).
        case b3
    }
}
