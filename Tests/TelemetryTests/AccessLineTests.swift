import Telemetry
import Testing

@Suite("Lines of requests, to the byte")
struct AccessLineTests {
    /// A request of a known time, without calls.
    private static func record(_ change: (inout AccessRecord) -> Void = { _ in }) -> AccessRecord {
        var record = AccessRecord()
        record.time = WallTime(nanoseconds: 1_790_000_000_123_456_789)
        record.start = 5_000_000_000
        record.method = "GET"
        record.path = "/a"
        record.status = 200
        record.duration = 2_500_000
        record.requestID = "r-1"
        change(&record)
        return record
    }

    private static func line(_ record: AccessRecord, isSlow: Bool = false) -> String {
        var line: [UInt8] = []
        if isSlow { record.appendSlow(to: &line) } else { record.append(to: &line) }
        return String(decoding: line, as: UTF8.self)
    }

    private static func timing(_ record: AccessRecord) -> String {
        var text: [UInt8] = []
        record.appendTiming(elapsed: 3_000_000, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func call(
        _ name: String, _ route: String?, status: Int? = 200, duration: UInt64 = 1_000_000, attempts: Int = 1,
        hedges: Int = 0, cache: String? = nil
    ) -> AccessRecord.UpstreamCall {
        AccessRecord.UpstreamCall(
            name: name, route: route, status: status, duration: duration, attempts: attempts, hedges: hedges,
            cache: cache)
    }

    private static let head = #"{"ts":"2026-09-21T14:13:20.123Z","level":"info","msg":"access","method":"GET","#

    @Test func `what isn't known is null`() {
        #expect(
            Self.line(Self.record()) == Self.head + #""path":"/a","status":200,"duration_ms":2.500,"request_id":"r-1","#
                + #""trace_id":null,"profile":null,"operation":null,"upstreams":[]}"# + "\n")
    }

    @Test func `who the client is and why its token was refused stand behind the operation`() {
        let record = Self.record {
            $0.clientSubject = "CN=app,O=\"Example\""
            $0.refusedToken = "expired"
            $0.profile = "tv"
            $0.operation = "Home"
            $0.status = 500
            $0.traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
        }
        #expect(
            Self.line(record)
                == #"{"ts":"2026-09-21T14:13:20.123Z","level":"error","msg":"access","method":"GET","path":"/a","#
                + #""status":500,"duration_ms":2.500,"request_id":"r-1","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","#
                + #""profile":"tv","operation":"Home","client_subject":"CN=app,O=\"Example\"","#
                + #""refused_token":"expired","upstreams":[]}"# + "\n")
    }

    @Test func `calls tell of hedges and of the cache where these had a part`() {
        let record = Self.record {
            $0.upstreams = [
                Self.call("users", "users.get", duration: 0, attempts: 0, cache: "hit"),
                Self.call("users", "users.list", status: nil, duration: 61_234_567_890, attempts: 12, hedges: 3),
                Self.call("posts", nil, status: 99, hedges: 1, cache: "shared"),
            ]
        }
        #expect(
            Self.line(record).hasSuffix(
                #""upstreams":[{"name":"users","route":"users.get","status":200,"duration_ms":0.000,"attempts":0,"#
                    + #""cache":"hit"},{"name":"users","route":"users.list","status":null,"duration_ms":61234.567,"#
                    + #""attempts":12,"hedges":3},{"name":"posts","route":null,"status":99,"duration_ms":1.000,"#
                    + #""attempts":1,"hedges":1,"cache":"shared"}]}"# + "\n"))
    }

    @Test func `names and paths are escaped wherever they stand`() {
        let odd = "a\"\\\n\r\t\u{0}\u{1F}\u{7F}é😀"
        let escaped = #""a\"\\\n\r\t\u0000\u001f\u007fé😀""#
        let record = Self.record {
            $0.method = "A\"B"
            $0.path = odd
            $0.requestID = odd
            $0.profile = odd
            $0.operation = odd
            $0.clientSubject = odd
            $0.upstreams = [Self.call(odd, odd)]
        }
        #expect(
            Self.line(record)
                == #"{"ts":"2026-09-21T14:13:20.123Z","level":"info","msg":"access","method":"A\"B","path":"# + escaped
                + #","status":200,"duration_ms":2.500,"request_id":"# + escaped + #","trace_id":null,"profile":"#
                + escaped + #","operation":"# + escaped + #","client_subject":"# + escaped + #","upstreams":[{"name":"#
                + escaped + #","route":"# + escaped + #","status":200,"duration_ms":1.000,"attempts":1}]}"# + "\n")
        #expect(Self.timing(record).contains(#"{"route":\#(escaped),"upstream":\#(escaped),"start":"#))
    }

    @Test func `a slow request's line has its waterfall`() {
        let record = Self.record {
            $0.planning = 5_000_100_000..<5_000_300_000
            var first = Self.call("users", "users.get", attempts: 2, hedges: 1, cache: "miss")
            first.start = 5_000_400_000
            first.sent = 12
            first.received = 3456
            first.tries = [
                AccessRecord.UpstreamCall.Try(start: 5_000_400_000, duration: 200_000, status: 503),
                AccessRecord.UpstreamCall.Try(start: 5_000_700_000, duration: 700_000, status: nil),
            ]
            // One that was there before the request, as the clock is read once a tick.
            var second = Self.call("posts", nil, status: nil)
            second.start = 4_999_999_000
            $0.upstreams = [first, second]
        }
        let calls =
            #""calls":[{"route":"users.get","upstream":"users","start":0.400,"end":1.400,"status":200,"attempts":2,"#
            + #""hedges":1,"cache":"miss","sent":12,"received":3456,"tries":[{"start":0.400,"end":0.600,"status":503},"#
            + #"{"start":0.700,"end":1.400,"status":null}]},{"route":null,"upstream":"posts","start":0.000,"#
            + #""end":0.999,"status":null,"attempts":1,"sent":0,"received":0}]}"#
        #expect(
            Self.line(record, isSlow: true)
                == Self.head.replacing("info", with: "warn").replacing("access", with: "slow")
                + #""path":"/a","status":200,"duration_ms":2.500,"request_id":"r-1","trace_id":null,"profile":null,"#
                + #""operation":null,"upstreams":[{"name":"users","route":"users.get","status":200,"duration_ms":1.000,"#
                + #""attempts":2,"hedges":1,"cache":"miss"},{"name":"posts","route":null,"status":null,"#
                + #""duration_ms":1.000,"attempts":1}],"timing":{"elapsed":2.500,"plan":{"start":0.100,"end":0.300},"#
                + calls + "}\n")
        #expect(Self.timing(record) == #"{"elapsed":3.000,"plan":{"start":0.100,"end":0.300},"# + calls)
    }
}
