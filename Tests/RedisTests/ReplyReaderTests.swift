import Bytes
import Testing

@testable import Redis

@Suite("Replies of Redis")
struct ReplyReaderTests {
    /// What is read of `text`, fed in pieces of `size` bytes, in words.
    private static func read(_ text: String, pieces size: Int) -> [String] {
        let reader = ReplyReader()
        var found: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = ByteBuffer()
            piece.append(Array(bytes[start..<min(start + size, bytes.count)]))
            reader.feed(piece.bytes)
            loop: while true {
                switch reader.next() {
                case .none: break loop
                case .broken:
                    return found + ["broken"]
                case .reply(let reply): found.append(describe(reply))
                }
            }
        }
        return found
    }

    private static func describe(_ reply: RedisReply) -> String {
        switch reply {
        case .integer(let number): "\(number)"
        case .value(let value): "\"\(value.string)\""
        case .nothing: "nothing"
        case .done: "done"
        case .refused(let reason): "refused: \(reason)"
        }
    }

    private static let cases: [(String, [String])] = [
        ("+OK\r\n", ["done"]), (":1\r\n:-7\r\n", ["1", "-7"]), ("$5\r\nhello\r\n", ["\"hello\""]),
        ("$0\r\n\r\n", ["\"\""]), ("$-1\r\n*-1\r\n", ["nothing", "nothing"]),
        ("-NOSCRIPT No matching script.\r\n", ["refused: NOSCRIPT No matching script."]),
        ("$4\r\n\r\n\r\n\r\n:2\r\n", ["\"\r\n\r\n\"", "2"]),
        (":9223372036854775807\r\n", ["9223372036854775807"]),
        // Half a reply is none.
        ("$5\r\nhel", []), ("+OK", []), (":1", []), ("$", []), ("$922337203685477580\r\nabc", []),
        // What is no reply, or one that no command of ours has.
        ("HTTP/1.1 400 Bad Request\r\n", ["broken"]), ("\0\0\0\0", ["broken"]), ("$-2\r\n", ["broken"]),
        ("$abc\r\n", ["broken"]), (":\r\n", ["broken"]), (":12a\r\n", ["broken"]),
        (":92233720368547758080\r\n", ["broken"]), ("*1\r\n:1\r\n", ["broken"]), ("*0\r\n", ["broken"]),
        ("*2147483647\r\n", ["broken"]), ("*4294967297\r\n", ["broken"]), ("*-2\r\n", ["broken"]),
        (":1\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n*2\r\n", ["1", "broken"]),
        ("%1\r\n+a\r\n+b\r\n", ["broken"]), ("_\r\n", ["broken"]),
    ]

    @Test(arguments: [1, 2, 3, 7, 4096])
    func `replies are read however they come, and nothing else is`(size: Int) {
        for (text, expected) in Self.cases {
            #expect(Self.read(text, pieces: size) == expected, "\(text.debugDescription)")
        }
    }

    @Test func `a reply is given up before it is larger than any of ours`() {
        let reader = ReplyReader()
        let piece = ByteBuffer()
        piece.append("$99999999\r\n")
        piece.append([UInt8](repeating: 120, count: 1 << 16))
        for _ in 0..<16 {
            guard case .none = reader.next() else { break }
            reader.feed(piece.bytes)
            piece.clear()
            piece.append([UInt8](repeating: 120, count: 1 << 16))
        }
        guard case .broken(let reason) = reader.next() else { return #expect(Bool(false), "it goes on") }
        #expect(reason.contains("larger"))
    }

    @Test func `a broken reader reads again after a reset`() {
        let reader = ReplyReader()
        let bytes = ByteBuffer()
        bytes.append("nonsense\r\n")
        reader.feed(bytes.bytes)
        guard case .broken = reader.next() else { return #expect(Bool(false)) }
        reader.reset()
        bytes.clear()
        bytes.append("+OK\r\n")
        reader.feed(bytes.bytes)
        guard case .reply(.done) = reader.next() else { return #expect(Bool(false)) }
    }
}
