import Bytes
import Foundation
import JSON
import TestSupport
import Testing

@Suite("RFC 8259 §7 strings")
struct TextTests {
    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9""#, "Aé"),
        (#""\uD834\uDD1E""#, "𝄞"), (#""\ud83d\ude00x""#, "😀x"), (#""\uD800""#, "\u{FFFD}"),
        (#""\uDC00\uD800""#, "\u{FFFD}\u{FFFD}"), (#""\uD800\uD834\uDD1E""#, "\u{FFFD}𝄞"),
        (#""\uD800\n""#, "\u{FFFD}\n"),
        (#""\uD800\u0041""#, "\u{FFFD}A"), (#""a\u0000b""#, "a\u{0}b"), (#""東京""#, "東京"),
    ])
    func `a string stands for its text`(json: String, text: String) throws {
        let body = buffer(json)
        let slot = try slot(body)
        #expect(slot.string(in: body) == text)
        #expect(slot.isString(text, in: body))
        #expect(!slot.isString(text + "x", in: body))
        #expect(!slot.isString("other", in: body))
        let plain = ByteBuffer()
        slot.appendString(in: body, to: plain)
        #expect(plain.string == text)
        #expect(slot.keyHash(in: body, seed: 3) == Slot.keyHash(of: plain.bytes, seed: 3))
    }

    @Test func `other kinds are no strings`() throws {
        for json in ["1", "null", "true", "[]", "{}"] {
            let body = buffer(json)
            let slot = try slot(body)
            #expect(slot.string(in: body) == nil)
            #expect(!slot.isString("1", in: body))
        }
    }

    @Test func `what is written reads back the same`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<300 {
            let text = random.text() + random.pick(RandomJSON.names) + random.text()
            let body = ByteBuffer()
            body.appendJSONString(text)
            #expect(try slot(body).string(in: body) == text, "seed \(seed)")
        }
    }

    @Test func `only what must be escaped is`() {
        let answer = ByteBuffer()
        answer.appendJSONName("n" as String)
        answer.appendJSONString("a/b\u{7F}é\u{2028}<\u{0}\u{1F}\"\\\u{8}\t\n\u{C}\r" as String)
        #expect(answer.string == "\"n\":\"a/b\u{7F}é\u{2028}<" + #"\u0000\u001f\"\\\b\t\n\f\r""#)
        answer.clear()
        answer.appendJSONName("x" as StaticString)
        answer.appendJSONString("plain" as StaticString)
        #expect(answer.string == #""x":"plain""#)
        answer.clear()
        answer.appendJSONString(buffer([0x61, 0xFF, 0xC3, 0xA9]).bytes)
        #expect(answer.string == "\"a\u{FFFD}é\"")
    }

    @Test func `pointers escape what they must`() {
        var pointer = JSONPointer()
        #expect(pointer.text == "")
        pointer.append(member: "a/b")
        pointer.append(member: "m~n")
        pointer.append(member: "")
        pointer.append(index: 12)
        pointer.append(member: "q\"é")
        #expect(pointer.text == "/a~1b/m~0n//12/q\"é")
        let answer = ByteBuffer()
        answer.appendJSONString(pointer)
        #expect(answer.string == #""/a~1b/m~0n//12/q\"é""#)
    }

    @Test(arguments: [
        ("7", #""7""#, true), ("7", "7.0", true), ("70", "7e1", true), (#""a""#, #""\u0061""#, true), ("0", "-0", true),
        ("true", #""true""#, true), ("7", "8", false), (#""7""#, #""7.0""#, false), ("null", "null", false),
        ("[]", "[]", false), ("1.5", "1.5", true), ("1.5", #""1.5""#, true), ("7", "77", false),
        ("100000000000000000001", #""100000000000000000001""#, true), ("-5", "-5", true), ("-5", "-5.0", true),
    ])
    func `keys are equal when their text is`(one: String, other: String, equal: Bool) throws {
        let (body, otherBody) = (buffer(one), buffer(other))
        let (slot, otherSlot) = (try slot(body), try JSONTests.slot(otherBody))
        #expect(slot.isSameKey(otherSlot, in: body, and: otherBody) == equal)
        #expect(otherSlot.isSameKey(slot, in: otherBody, and: body) == equal)
        if equal { #expect(slot.keyHash(in: body, seed: 1) == otherSlot.keyHash(in: otherBody, seed: 1)) }
    }
}

@Suite("RFC 8259 §6 numbers")
struct NumberTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("0.000e-3", "0"), ("7", "7"), ("-7", "-7"), ("1.0", "1"),
        ("1e2", "100"), ("1E+2", "100"), ("1.5e1", "15"), ("100e-2", "1"), ("1200e-2", "12"), ("0.5e1", "5"),
        ("10.0", "10"), ("1001.000", "1001"), ("-12.30e1", "-123"), ("0.001e3", "1"), ("1.5", nil), ("1e-1", nil),
        ("0.1", nil), ("100e-3", nil), ("-2.50", nil), ("1e1000000000000000000000", nil), ("1e2000", nil),
        ("123456789012345678901234567890.0", "123456789012345678901234567890"), ("1e-1000000000000000000000", nil),
        ("0e1000000000000000000000", "0"),
    ])
    func `the canonical text of an integral number`(text: String, canonical: String?) throws {
        let body = buffer(text)
        let slot = try slot(body)
        let answer = ByteBuffer()
        #expect(slot.appendCanonicalInteger(in: body, to: answer) == (canonical != nil))
        #expect(answer.string == canonical ?? "")
        if canonical != nil { #expect(slot.isIntegral(in: body)) }
    }

    @Test(arguments: [
        ("0", 0), ("-0.0", 0), ("1.0", 1), ("2147483647", 2_147_483_647), ("-2147483648", -2_147_483_648),
        ("2147483648", nil), ("-2147483649", nil), ("2.147483647e9", 2_147_483_647), ("1e9", 1_000_000_000),
        ("1e10", nil),
        ("1.5", nil), ("99999999999999999999999", nil), ("1e999999999999", nil), ("12e-1", nil), ("120e-1", 12),
    ])
    func `32 bits`(text: String, value: Int32?) throws {
        let body = buffer(text)
        #expect(try slot(body).int32(in: body) == value)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
        ("-9223372036854775809", nil), ("9999999999999999999", nil), ("10000000000000000000", nil),
        ("1e18", 1_000_000_000_000_000_000),
        ("1e19", nil), ("-1e18", -1_000_000_000_000_000_000), ("18446744073709551616", nil),
        ("922337203685477580.7e1", .max),
    ])
    func `64 bits`(text: String, value: Int64?) throws {
        let body = buffer(text)
        #expect(try slot(body).int64(in: body) == value)
    }

    @Test(arguments: [
        ("0", true), ("1.5", true), ("1.7976931348623157e308", true), ("1.7976931348623158e308", true),
        ("1.7976931348623159e308", false), ("1.8e308", false), ("-1.8e308", false), ("1e309", false), ("-1e400", false),
        ("1e-400", true), ("0e999999999999", true), ("0.0000000001e318", true), ("0.0000000001e319", false),
        ("1e999999999999999999999999", false), ("1e-999999999999999999999999", true),
        (String(repeating: "9", count: 308), true), (String(repeating: "9", count: 309), false),
        ("1" + String(repeating: "0", count: 308), true), ("1" + String(repeating: "0", count: 309), false),
    ])
    func `within the range of a double`(text: String, fits: Bool) throws {
        let body = buffer(text)
        let slot = try slot(body)
        #expect(slot.isFiniteDouble(in: body) == fits)
        #expect(slot.double(in: body)?.isFinite == fits)
    }

    @Test func `random numbers agree with arithmetic`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<500 {
            let text = random.number()
            let body = buffer(text)
            let slot = try slot(body)
            let decimal = try #require(Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")))
            // Decimal holds 38 digits: enough to be exact for these where they have no long fraction.
            guard !text.contains(".12345") else { continue }
            var rounded = Decimal()
            var value = decimal
            unsafe NSDecimalRound(&rounded, &value, 0, .plain)
            #expect(slot.isIntegral(in: body) == (rounded == decimal), "seed \(seed): \(text)")
            let answer = ByteBuffer()
            if slot.appendCanonicalInteger(in: body, to: answer) {
                #expect(Decimal(string: answer.string) == decimal, "seed \(seed): \(text)")
            }
        }
    }
}
