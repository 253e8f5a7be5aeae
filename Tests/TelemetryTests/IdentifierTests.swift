import Bytes
import Telemetry
import Testing

@Suite("Request identifiers")
struct RequestIDTests {
    @Test func `made ones are 32 hexadecimal digits, and acceptable`() {
        var generator = IdentifierGenerator()
        let ids = (0..<1000).map { _ in generator.requestID() }
        #expect(Set(ids).count == 1000)
        for id in ids {
            let digits = id.digits
            let text = String(decoding: digits.indices.map { digits[$0] }, as: UTF8.self)
            let isAcceptable = unsafe RequestID.isAcceptable(digits.span.bytes)
            #expect(text.utf8.count == 32 && isAcceptable)
        }
    }

    @Test(arguments: [
        ("a", true), ("AZaz09-_.:/+=@", true), (String(repeating: "x", count: 128), true),
        (String(repeating: "x", count: 129), false), ("", false), ("a b", false), ("a,b", false), ("a;b", false),
        ("a\"b", false), ("é", false), ("a\u{0}", false), ("a?b", false), ("a<b", false),
    ])
    func `a client's is taken from the allowed characters`(text: String, isAcceptable: Bool) {
        let bytes = Array(text.utf8)
        let verdict = unsafe RequestID.isAcceptable(bytes.span.bytes)
        #expect(verdict == isAcceptable)
    }
}

@Suite("W3C Trace Context §3.2: traceparent")
struct TraceContextTests {
    private func parse(_ text: String) -> TraceContext? {
        let bytes = Array(text.utf8)
        return unsafe TraceContext(traceparent: bytes.span.bytes)
    }

    private func traceparent(_ context: TraceContext) -> String {
        let text = ByteBuffer()
        context.appendTraceparent(to: text)
        return text.string
    }

    @Test func `the specification's example round-trips`() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let context = parse(text)
        #expect(context.map(traceparent) == text)
        #expect(context?.isSampled == true)
        #expect(
            context.map { traceparent($0.child(span: 0xAB)) }
                == "00-4bf92f3577b34da6a3ce929d0e0e4736-00000000000000ab-01")
    }

    @Test(arguments: [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe",
    ])
    func `unknown flags are dropped`(text: String) {
        #expect(parse(text)?.flags == 0)
    }

    @Test(arguments: [
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    ])
    func `a later version is read as far as it is known`(text: String) {
        #expect(parse(text)?.span == 0x00f0_67aa_0ba9_02b7)
    }

    @Test(arguments: [
        "", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
    ])
    func `anything else is no trace`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `a new trace is valid`() {
        var generator = IdentifierGenerator()
        for isSampled in [true, false] {
            let trace = generator.trace(isSampled: isSampled)
            #expect(parse(traceparent(trace)) == trace && trace.isSampled == isSampled)
        }
    }
}
