import Bytes
import HTTP
import TestSupport
import Testing

@Suite("RFC 9112 §7.1 Chunked")
struct ChunkedTests {
    /// Feeds `pieces` one after the other; what doesn't belong to the content stays in `rest`.
    private func decode(_ pieces: [String], limit: Int = 8192) throws(FramingError) -> (
        body: String, isEnd: Bool, rest: String
    ) {
        var decoder = ChunkedDecoder(overheadLimit: limit)
        let input = ByteBuffer()
        let body = ByteBuffer()
        for piece in pieces {
            input.append(piece)
            while !decoder.isAtEnd, !input.isEmpty {
                switch try decoder.next(input.bytes) {
                case .skip(let count): input.consume(count)
                case .data(let count):
                    body.append(input.bytes.extracting(0..<count))
                    input.consume(count)
                case .needMore, .end: break
                }
            }
        }
        return (body.string, decoder.isAtEnd, input.string)
    }

    static let whole = "4;name=\"v;\"\r\nWiki\r\n00A \t\r\n0123456789\r\n0\r\nTrailer: x\r\nOther:y\r\n\r\nGET /"

    @Test func `every cut in two gives the same content`() throws {
        let text = Self.whole
        for cut in 0...text.utf8.count {
            let index = text.utf8.index(text.startIndex, offsetBy: cut)
            guard String(text[..<index]).utf8.count == cut else { continue }
            let result = try decode([String(text[..<index]), String(text[index...])])
            #expect(result.body == "Wiki0123456789", "cut \(cut)")
            #expect(result.isEnd)
            #expect(result.rest == "GET /")
        }
    }

    @Test func `what is encoded is decoded, cut anywhere`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = Seeded(seed)
        for _ in 0..<300 {
            let encoded = ByteBuffer()
            var expected = ""
            for _ in 0..<Int.random(in: 0..<5, using: &generator) {
                let chunk = String(repeating: "x", count: Int.random(in: 1..<400, using: &generator))
                expected += chunk
                encoded.appendChunkHeader(chunk.utf8.count)
                encoded.append(chunk)
                encoded.append("\r\n")
            }
            encoded.appendLastChunk()
            var pieces: [String] = []
            var rest = Substring(encoded.string)
            while !rest.isEmpty {
                let count = Int.random(in: 1..<60, using: &generator)
                // CRLF is one Character, so that characters alone would never cut inside it.
                let cut = rest.utf8.index(rest.startIndex, offsetBy: count, limitedBy: rest.endIndex) ?? rest.endIndex
                pieces.append(String(decoding: rest.utf8[..<cut], as: UTF8.self))
                rest = Substring(String(decoding: rest.utf8[cut...], as: UTF8.self))
            }
            let result = try decode(pieces)
            #expect(result.body == expected, "seed \(seed)")
            #expect(result.isEnd, "seed \(seed)")
        }
    }

    @Test(arguments: [
        "\r\n", "g\r\n", ";a\r\n", " 1\r\na\r\n", "1\na", "1\r\nab\r\n", "1\r\na\n", "1\r\na\rX", "0x1\r\na\r\n",
        "-1\r\n",
        "8000000000000000\r\n", "FFFFFFFFFFFFFFFFF\r\n", "1\r\r\n", "1;\u{0}\r\n", "0\r\nA: \u{1}\r\n\r\n", "0\r\n\rX",
        "0\r\nA: b\rX", "1 x\r\na\r\n", "1,\r\n",
    ])
    func `what is no chunk is refused`(_ text: String) {
        #expect(throws: FramingError.self) { try decode([text]) }
    }

    @Test func `a size up to the largest integer is taken`() throws {
        #expect(try decode(["7fffffffffffffff\r\nabc"]).body == "abc")
    }

    @Test func `extensions and trailers have an end`() {
        #expect(throws: FramingError.self) { try decode(["1;" + String(repeating: "a", count: 20)], limit: 10) }
        #expect(throws: FramingError.self) {
            try decode(["0\r\n" + String(repeating: "a: b\r\n", count: 5)], limit: 10)
        }
        #expect(throws: Never.self) {
            try decode([String(repeating: "1;abcde\r\nx\r\n", count: 50) + "0\r\n\r\n"], limit: 10)
        }
    }
}
