internal import Bytes

/// The JSON form of OTLP's `ExportTraceServiceRequest` (OpenTelemetry Protocol 1.0, JSON Protobuf Encoding: identities as
/// hexadecimal digits, 64-bit numbers as strings): a head, spans with commas between them, a tail.
public enum SpanDocument {
    /// What stands before the spans.
    /// - Parameters:
    ///   - service: the value of `service.name`.
    ///   - version: the value of `service.version`.
    public static func head(service: String, version: String) -> [UInt8] {
        let text = ByteBuffer()
        text.append(#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"#)
        text.appendJSON(service)
        text.append(#"}},{"key":"service.version","value":{"stringValue":"#)
        text.appendJSON(version)
        text.append(#"}}]},"scopeSpans":[{"scope":{"name":"sluice"},"spans":["#)
        return unsafe text.withUnsafeBytes { unsafe Array($0) }
    }

    /// What stands behind them.
    public static let tail = Array("]}]}]}".utf8)
}

/// Writes the spans of one trace, each in the order of the functions: `begin`, a name, `times`, attributes, `end`.
struct SpanWriter {
    /// What the work was towards others (OTLP's `SpanKind`), up to where its beginning is written.
    enum Kind {
        /// Work inside of the gateway.
        case `internal`
        /// A request of a client.
        case server
        /// A request to an upstream.
        case client
    }

    let text: ByteBuffer
    private let trace: TraceContext
    /// The same moment by both clocks.
    private let now: UInt64, wall: UInt64
    /// Spans begun.
    private(set) var count = 0
    private var hasAttributes = false

    /// - Parameters:
    ///   - now: the moment `wall` in nanoseconds of the monotonic clock, of which `times` are told.
    init(_ trace: TraceContext, now: UInt64, wall: WallTime, to text: ByteBuffer) {
        self.trace = trace
        self.now = now
        self.wall = wall.nanoseconds
        self.text = text
    }

    /// Begins the span `id`. What stands between it and `times` is its name, within quotes.
    mutating func begin(_ id: UInt64, parent: UInt64?) {
        text.append(count > 0 ? #",{"traceId":""# : #"{"traceId":""#)
        count += 1
        hasAttributes = false
        trace.appendTraceID(to: text)
        text.append(#"","spanId":""#)
        text.appendHex(id)
        if let parent {
            text.append(#"","parentSpanId":""#)
            text.appendHex(parent)
        }
        text.append(#"","name":""#)
    }

    /// Says when the work began and how long it took, in nanoseconds.
    func times(_ kind: Kind, _ start: UInt64, _ duration: UInt64) {
        switch kind {
        case .internal: text.append(#"","kind":1,"startTimeUnixNano":""#)
        case .server: text.append(#"","kind":2,"startTimeUnixNano":""#)
        case .client: text.append(#"","kind":3,"startTimeUnixNano":""#)
        }
        let begin = wall - min(now - min(start, now), wall)
        text.append(decimal: UInt(begin))
        text.append(#"","endTimeUnixNano":""#)
        text.append(decimal: UInt(begin + duration))
        text.append(#"","attributes":["#)
    }

    /// Adds an attribute whose value `write` appends, as it stands within a JSON string.
    mutating func attribute(_ name: StaticString, text write: (ByteBuffer) -> Void) {
        key(name)
        text.append(#"","value":{"stringValue":""#)
        write(text)
        text.append(#""}}"#)
    }

    /// Adds a number.
    mutating func attribute(_ name: StaticString, _ number: Int) {
        key(name)
        text.append(#"","value":{"intValue":""#)
        text.append(decimal: number)
        text.append(#""}}"#)
    }

    private mutating func key(_ name: StaticString) {
        text.append(hasAttributes ? #",{"key":""# : #"{"key":""#)
        hasAttributes = true
        text.append(name)
    }

    func end(isError: Bool) {
        text.append(isError ? #"],"status":{"code":2}}"# : #"],"status":{}}"#)
    }
}
