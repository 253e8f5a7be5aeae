import Bytes
import Foundation
import JSON
import TestSupport
import Testing

@Suite("RFC 8259 grammar")
struct GrammarTests {
    static let accepted: [String] = [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "1.0", "0.5", "1e1", "1E+1", "1e-1", "0e0", "-0.0e-0",
        "123456789012345678901234567890", "1.123456789012345678901234567890", "1e999999",
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\uD834\uDD1E""#, #""\uD800""#, #""\uDC00\uD800""#,
        #""é""#, #""東京""#, #""😀""#, "\"\u{7F}\"", "\"\u{2028}\"", "\"\u{FFFF}\"", "\"\u{10FFFF}\"",
        #""0123456789abcdef""#, #""0123456789abcde""#, #""0123456789abcdefg""#,
        "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[[]],{}]", "{}", "{ }", #"{"":0}"#, #"{"a":1,"a":2}"#,
        #"{"a":{"b":[{"c":null}]}}"#, " \t\r\n1\r\n\t ", "[\n                                1\n]", "[1.5e+3 ]",
    ]

    static let refused: [(String, JSONError.Kind, Int)] = [
        ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3), ("tru", .unexpectedEnd, 3),
        ("nulL", .unexpectedByte, 0), ("True", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
        ("nulla", .trailingBytes, 4), ("falsey", .trailingBytes, 5), ("fals", .unexpectedEnd, 4),
        ("Infinity", .unexpectedByte, 0), ("-", .unexpectedEnd, 1), ("-a", .invalidNumber, 1),
        ("-Infinity", .invalidNumber, 1), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1),
        ("00", .invalidNumber, 0), ("1.", .unexpectedEnd, 2), ("1.e1", .invalidNumber, 2), (".5", .unexpectedByte, 0),
        ("+1", .unexpectedByte, 0), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("1ea", .invalidNumber, 2),
        ("1e1.5", .trailingBytes, 3), ("0x10", .trailingBytes, 1), ("1a", .trailingBytes, 1),
        ("1 2", .trailingBytes, 2),
        ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2),
        ("\"\\u12", .unexpectedEnd, 5),
        ("\"\\x\"", .invalidEscape, 2), ("\"\\u12G4\"", .invalidEscape, 5), ("\"\\U0041\"", .invalidEscape, 2),
        ("\"\\\n\"", .invalidEscape, 2), ("\"a\nb\"", .controlCharacter, 2), ("\"\t\"", .controlCharacter, 1),
        ("\"\u{0}\"", .controlCharacter, 1), ("\"\u{1F}\"", .controlCharacter, 1), ("'a'", .unexpectedByte, 0),
        ("[", .unexpectedEnd, 1), ("]", .unexpectedByte, 0), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
        ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[,]", .unexpectedByte, 1),
        ("[1 2]", .unexpectedByte, 3),
        ("[1}", .unexpectedByte, 2), ("[]]", .trailingBytes, 2), ("[1,,2]", .unexpectedByte, 3),
        ("[\"a\":1]", .unexpectedByte, 4),
        ("{", .unexpectedEnd, 1), ("{]", .unexpectedByte, 1), ("{,}", .unexpectedByte, 1),
        ("{1:2}", .unexpectedByte, 1),
        ("{\"a\"}", .unexpectedByte, 4), ("{\"a\":}", .unexpectedByte, 5), ("{\"a\":1,}", .unexpectedByte, 7),
        ("{\"a\" 1}", .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1), ("{\"a\":1 \"b\":2}", .unexpectedByte, 7),
        ("{\"a\":1,,\"b\":2}", .unexpectedByte, 7), ("{\"a\"::1}", .unexpectedByte, 5), ("{\"a", .unexpectedEnd, 3),
        ("{\"a\":1]", .unexpectedByte, 6), ("{\"a\":1", .unexpectedEnd, 6), ("{\"a\":1}}", .trailingBytes, 7),
        ("// c\n1", .unexpectedByte, 0), ("1 // c", .trailingBytes, 2), ("[1,/* */2]", .unexpectedByte, 3),
        ("\u{FEFF}1", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0), ("\u{B}1", .unexpectedByte, 0),
        ("\u{0}", .unexpectedByte, 0), ("1\u{0}", .trailingBytes, 1), ("[1\u{0}]", .unexpectedByte, 2),
        ("é", .unexpectedByte, 0),
    ]

    @Test(arguments: accepted)
    func `a text of the grammar is accepted`(text: String) {
        #expect(refusal(Array(text.utf8)) == nil)
        #expect(refusalKeepingAll(Array(text.utf8)) == nil)
        #expect(ReferenceJSON.parse(Array(text.utf8)) != nil)
    }

    @Test(arguments: refused)
    func `a text outside of the grammar is refused with its place`(text: String, kind: JSONError.Kind, offset: Int) {
        let expected = JSONError(kind, at: offset)
        #expect(refusal(Array(text.utf8)) == expected)
        #expect(refusalKeepingAll(Array(text.utf8)) == expected)
        #expect(ReferenceJSON.parse(Array(text.utf8)) == nil)
    }

    static let illFormed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC3, 0xC3], [0xE0, 0x80, 0x80],
        [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE2, 0x28, 0xA1],
        [0xF0, 0x28, 0x8C, 0xBC],
    ]

    @Test(arguments: illFormed)
    func `ill-formed UTF-8 in a string is refused, wherever it stands`(bytes: [UInt8]) {
        for before in 0..<70 {
            let text = Array("\"".utf8) + [UInt8](repeating: 0x61, count: before) + bytes + Array("\"".utf8)
            #expect(refusal(text) == JSONError(.invalidUTF8, at: before + 1))
            let inText = Array("[\"日é\",{\"a\":".utf8) + text + Array("}]".utf8)
            #expect(refusal(inText)?.kind == .invalidUTF8)
            #expect(refusalKeepingAll(inText)?.kind == .invalidUTF8)
        }
    }

    @Test func `every scalar value is accepted, every surrogate refused`() {
        for value in stride(from: UInt32(0x80), to: 0x11_0000, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(refusal([0x22] + Array(String(scalar).utf8) + [0x22]) == nil)
        }
        for value in stride(from: UInt32(0xD800), to: 0xE000, by: 13) {
            let bytes = [UInt8(0xE0 | value >> 12), UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F)]
            #expect(refusal([0x22] + bytes + [0x22])?.kind == .invalidUTF8)
        }
    }

    @Test func `a text cut at any byte is refused as ending too early`() {
        let text = Array(#" {"a":[1,-2.5e+7,"x\u00e9\n",true,false,null,{"東京":"😀 and more than sixteen"}]}"#.utf8)
        #expect(refusal(text) == nil)
        for length in 0..<text.count {
            // Within a character, what is missing makes the bytes ill-formed.
            let kinds: [JSONError.Kind?] = [.unexpectedEnd, .invalidUTF8]
            #expect(kinds.contains(refusal(Array(text.prefix(length)))?.kind), "\(length)")
            #expect(kinds.contains(refusalKeepingAll(Array(text.prefix(length)))?.kind), "\(length)")
        }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"b\":"])
    func `nesting is bounded`(open: String) {
        let closers: [Character: String] = ["[": "]", "{": "}"]
        func nested(_ times: Int) -> [UInt8] {
            let text = String(repeating: open, count: times)
            return Array((text + "1" + String(text.reversed().compactMap { closers[$0] }.joined())).utf8)
        }
        let levels = open.filter { "[{".contains($0) }.count
        #expect(refusal(nested(128 / levels)) == nil)
        #expect(refusalKeepingAll(nested(128 / levels)) == nil)
        for depth in [129, 130, 500, 100_000] {
            #expect(refusal(nested(depth))?.kind == .nestedTooDeeply)
            #expect(refusalKeepingAll(nested(depth))?.kind == .nestedTooDeeply)
        }
        #expect(refusal(nested(4), maximumDepth: 4 * levels - 1)?.kind == .nestedTooDeeply)
        #expect(refusalKeepingAll(nested(4), maximumDepth: 4 * levels - 1)?.kind == .nestedTooDeeply)
        #expect(refusalKeepingAll(nested(4), maximumDepth: 4 * levels) == nil)
    }

    @Test func `every short text gets the verdict of the reference`() {
        let alphabet = Array("[{}],:\"\\a1-.e t".utf8)
        var count = 0
        func extend(_ text: [UInt8], _ left: Int) {
            count += 1
            let isJSON = ReferenceJSON.parse(text) != nil
            if (refusal(text) == nil) != isJSON || (refusalKeepingAll(text) == nil) != isJSON {
                Issue.record("\(String(decoding: text, as: UTF8.self)) should be \(isJSON)")
            }
            guard left > 0 else { return }
            for byte in alphabet { extend(text + [byte], left - 1) }
        }
        extend([], 3)
        for start in ["[1", "{\"a\":1", "\"\\u00", "-1."] { extend(Array(start.utf8), 2) }
        #expect(count > 4000)
    }

    @Test func `random texts and their mutations get the verdict of the reference`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<600 {
            var text = Array(random.document().utf8)
            #expect(refusal(text) == nil, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
            for _ in 0..<3 where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &random.generator)
                switch Int.random(in: 0..<4, using: &random.generator) {
                case 0: text.remove(at: place)
                case 1: text[place] = UInt8.random(in: 0...255, using: &random.generator)
                case 2: text.insert(random.pick(Array("{}[]:,\"\\0e-.\u{1}".utf8)), at: place)
                default: text.swapAt(place, text.count - 1)
                }
                let isJSON = ReferenceJSON.parse(text) != nil
                #expect((refusal(text) == nil) == isJSON, "seed \(seed): \(text)")
                #expect((refusalKeepingAll(text) == nil) == isJSON, "seed \(seed): \(text)")
            }
        }
    }

    @Test func `the reference itself agrees with Foundation on random texts`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<100 {
            // Foundation wants whole surrogate pairs and numbers within a double's range, as these are.
            let text = random.document()
            #expect(
                (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])) != nil,
                "seed \(seed): \(text)")
        }
    }
}
