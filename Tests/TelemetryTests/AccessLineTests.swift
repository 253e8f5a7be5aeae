import Bytes
import Foundation
import Telemetry
import Testing

@Suite("Lines of requests, to the byte")
struct AccessLineTests {
    /// A request of a known time, without calls.
    private static func record(_ change: (AccessRecord) -> Void = { _ in }) -> AccessRecord {
        let record = AccessRecord()
        record.time = WallTime(nanoseconds: 1_790_000_000_123_456_789)
        record.start = 5_000_000_000
        record.method = "GET"
        record.path.append("/a")
        record.status = 200
        record.duration = 2_500_000
        record.requestID.append("r-1")
        change(record)
        return record
    }

    private static func line(_ record: AccessRecord, isSlow: Bool = false) -> String {
        let line = ByteBuffer()
        if isSlow {
            record.appendSlow(to: line, TimeText())
        } else {
            record.append(to: line, TimeText())
        }
        return line.string
    }

    private static func timing(_ record: AccessRecord) -> String {
        let text = ByteBuffer()
        record.appendTiming(elapsed: 3_000_000, to: text)
        return text.string
    }

    private static func call(
        _ name: String, _ route: String?, status: Int? = 200, duration: UInt64 = 1_000_000,
        attempts: Int = 1,
        hedges: Int = 0, cache: StaticString? = nil
    ) -> AccessRecord.UpstreamCall {
        AccessRecord.UpstreamCall(
            CallSubject(name: name, route: route), status: status, duration: duration, attempts: attempts,
            hedges: hedges, cache: cache)
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
            $0.trace = TraceContext(
                traceHigh: 0x4bf9_2f35_77b3_4da6, traceLow: 0xa3ce_929d_0e0e_4736, span: 1, flags: 0)
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
            for call in [
                Self.call("users", "users.get", duration: 0, attempts: 0, cache: "hit"),
                Self.call("users", "users.list", status: nil, duration: 61_234_567_890, attempts: 12, hedges: 3),
                Self.call("posts", nil, status: 99, hedges: 1, cache: "shared"),
            ] { $0.add(call) }
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
            $0.path.clear()
            $0.path.append(odd)
            $0.requestID.clear()
            $0.requestID.append(odd)
            $0.profile = odd
            $0.operation = odd
            $0.clientSubject = odd
            $0.add(Self.call(odd, odd))
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
            let tries = [
                AccessRecord.Try(start: 5_000_400_000, duration: 200_000, status: 503),
                AccessRecord.Try(start: 5_000_700_000, duration: 700_000, status: nil),
            ]
            // One that was there before the request, as the clock is read once a tick.
            var second = Self.call("posts", nil, status: nil)
            second.start = 4_999_999_000
            $0.add(first, tries: tries)
            $0.add(second)
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

    @Test func `a contract's example has every member, in order`() {
        let record = Self.record {
            $0.method = "POST"
            $0.path.clear()
            $0.path.append("/graphql")
            $0.duration = 12_345_678
            $0.profile = "tv"
            $0.operation = "Home"
            for call in [
                Self.call("users", "users.get", duration: 1_000_999, attempts: 2),
                Self.call("posts", nil, status: nil, duration: 5000),
            ] { $0.add(call) }
        }
        #expect(
            Self.line(record)
                == #"{"ts":"2026-09-21T14:13:20.123Z","level":"info","msg":"access","method":"POST","#
                + #""path":"/graphql","status":200,"duration_ms":12.345,"request_id":"r-1","#
                + #""trace_id":null,"profile":"tv","operation":"Home","upstreams":[{"name":"users","#
                + #""route":"users.get","status":200,"duration_ms":1.000,"attempts":2},{"name":"posts","route":null,"#
                + "\"status\":null,\"duration_ms\":0.005,\"attempts\":1}]}\n")
    }

    @Test(arguments: ["/a\"b\\c", "/\u{0}\u{1F}\u{7F}\n\r\t", "/é/😀", "", "</script>", "\"", "ab\""])
    func `what a client sends can't break the line`(path: String) throws {
        let record = Self.record {
            $0.path.clear()
            $0.path.append(path)
            $0.operation = path
            $0.status = 503
        }
        let line = Self.line(record)
        #expect(
            line.utf8.last == UInt8(ascii: "\n") && line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["path"] as? String == path && object["operation"] as? String == path)
        #expect(object["level"] as? String == "error")
        #expect((object["upstreams"] as? [Any])?.isEmpty == true)
    }

    @Test func `a path that isn't well-formed UTF-8 is mended`() {
        let record = Self.record {
            $0.path.clear()
            $0.path.append([0x2F, 0xFF, 0x22, 0xC3])
        }
        #expect(
            Self.line(record).contains(
                #""path":"/\u{FFFD}\"\u{FFFD}","#.replacing(#"\u{FFFD}"#, with: "\u{FFFD}")))
    }

    @Test func `a record that is used again tells nothing of the request before`() {
        let record = Self.record {
            $0.planning = 1..<2
            $0.trace = TraceContext(traceHigh: 1, traceLow: 2, span: 3, flags: 1)
            $0.profile = "tv"
            $0.operation = "Home"
            $0.clientSubject = "CN=app"
            $0.refusedToken = "expired"
            $0.add(Self.call("users", "users.get"), tries: [AccessRecord.Try(start: 1, duration: 2, status: 3)])
        }
        record.reset()
        record.path.append("/a")
        record.requestID.append("r-1")
        #expect(Self.line(record) == Self.line(Self.record()))
        #expect(Self.timing(record) == #"{"elapsed":3.000,"calls":[]}"#)
    }

    @Test func `the text of a second is put together anew when the second is over`() {
        let times = TimeText()
        let record = AccessRecord()
        for nanoseconds: UInt64 in [1_999_000_000, 2_000_000_000, 2_999_999_999, 86_400_000_000_000, 0] {
            record.time = WallTime(nanoseconds: nanoseconds)
            let line = ByteBuffer()
            record.append(to: line, times)
            #expect(line.string.hasPrefix("{\"ts\":\"\(record.time.text)\","))
        }
    }
}
