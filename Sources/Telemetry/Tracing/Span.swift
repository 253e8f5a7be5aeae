/// A finished piece of work in a trace, as OpenTelemetry knows it.
public struct Span: Sendable {
    /// What the work was towards others (OTLP's `SpanKind`).
    public enum Kind: Int, Sendable {
        /// Work inside of the gateway.
        case `internal` = 1
        /// A request of a client.
        case server = 2
        /// A request to an upstream.
        case client = 3
    }

    /// An attribute's value.
    public enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
    }

    /// The trace, and this span as the one that further spans are children of.
    public var context: TraceContext
    /// The span that this one is a child of; nil for a trace's first.
    public var parent: UInt64?
    /// What was done, of few different names.
    public var name: String
    /// What it was towards others.
    public var kind: Kind
    /// When it began.
    public var start: WallTime
    /// When it ended.
    public var end: WallTime
    /// Facts about it, named by OpenTelemetry's semantic conventions.
    public var attributes: [(name: String, value: Value)] = []
    /// Whether it failed.
    public var isError = false

    /// A span without attributes.
    public init(
        _ context: TraceContext, parent: UInt64?, name: String, kind: Kind, start: WallTime, end: WallTime
    ) {
        self.context = context
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
    }
}

/// The JSON form of OTLP's `ExportTraceServiceRequest` (OpenTelemetry Protocol 1.0, JSON Protobuf Encoding: identities as
/// hexadecimal digits, 64-bit numbers as strings).
public enum SpanDocument {
    /// The document for `spans`.
    /// - Parameters:
    ///   - service: the value of `service.name`.
    ///   - version: the value of `service.version`.
    public static func text(_ spans: [Span], service: String, version: String) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(256 + spans.count * 512)
        text.appendText("{\"resourceSpans\":[{\"resource\":{\"attributes\":[")
        append([("service.name", .text(service)), ("service.version", .text(version))], to: &text)
        text.appendText("]},\"scopeSpans\":[{\"scope\":{\"name\":\"sluice\"},\"spans\":[")
        for (index, span) in spans.enumerated() {
            if index > 0 { text.appendText(",") }
            append(span, to: &text)
        }
        text.appendText("]}]}]}")
        return text
    }

    private static func append(_ span: Span, to text: inout [UInt8]) {
        text.appendText("{\"traceId\":\"")
        text.appendHex(span.context.traceHigh)
        text.appendHex(span.context.traceLow)
        text.appendText("\",\"spanId\":\"")
        text.appendHex(span.context.span)
        if let parent = span.parent {
            text.appendText("\",\"parentSpanId\":\"")
            text.appendHex(parent)
        }
        text.appendText("\",\"name\":")
        text.appendJSON(span.name)
        text.appendText(",\"kind\":")
        text.appendDecimal(span.kind.rawValue)
        text.appendText(",\"startTimeUnixNano\":\"")
        text.appendDecimal(span.start.nanoseconds)
        text.appendText("\",\"endTimeUnixNano\":\"")
        text.appendDecimal(span.end.nanoseconds)
        text.appendText("\",\"attributes\":[")
        append(span.attributes, to: &text)
        text.appendText(span.isError ? "],\"status\":{\"code\":2}}" : "],\"status\":{}}")
    }

    private static func append(_ attributes: [(name: String, value: Span.Value)], to text: inout [UInt8]) {
        for (index, attribute) in attributes.enumerated() {
            if index > 0 { text.appendText(",") }
            text.appendText("{\"key\":")
            text.appendJSON(attribute.name)
            switch attribute.value {
            case .text(let value):
                text.appendText(",\"value\":{\"stringValue\":")
                text.appendJSON(value)
            case .number(let value):
                text.appendText(",\"value\":{\"intValue\":\"")
                text.appendDecimal(value)
                text.appendText("\"")
            }
            text.appendText("}}")
        }
    }
}
