import Testing

@testable import DemoServices

@Suite("RFC 8259, as far as the demo needs it")
struct JSONTests {
    @Test(arguments: [
        #"{"a":[1,-2.50,true,false,null,"x"],"b":{}}"#, "[]", #""é😀""#, "-0.0e+5", #""\u0000\u001f""#,
        "123456789012345678901",
    ])
    func `text survives a round trip`(text: String) {
        let value = JSONParser.parse(Array(text.utf8))
        #expect(value.map { String(decoding: $0.json, as: UTF8.self) } == text)
    }

    @Test func `escapes are read`() {
        let value = JSONParser.parse(Array(#" "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00" "#.utf8))
        #expect(value == .string("\"\\/\u{8}\u{C}\n\r\té😀"))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", #"{"a"}"#, #"{"a":1,}"#, "01", "1.", "+1", "tru", "nul", #""\x""#, #""\u12""#,
        #""\u+123""#, "\"\n\"",
        "1 2", "[1", #"{1:2}"#, "\"", "-", "1e",
    ])
    func `anything else is refused`(text: String) {
        #expect(JSONParser.parse(Array(text.utf8)) == nil)
    }

    @Test func `deep nesting and broken UTF-8 are refused`() {
        #expect(JSONParser.parse([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) == nil)
        #expect(JSONParser.parse([0x22, 0xFF, 0x22]) == nil)
        #expect(JSONParser.parse(Array(#""\ud800""#.utf8)) == .string("\u{FFFD}"))
    }
}
