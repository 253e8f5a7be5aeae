import Bytes
import HTTP
import Testing

@Suite("Request templates and door patterns")
struct TemplateTests {
    @Test func `a template is taken apart`() throws {
        let template = try URITemplate("GET /users/{id}/a-{x}.json?limit={limit}&ids={ids:,}&v=1&flag&e=")
        #expect(template.method == .get)
        #expect(template.variables.map(\.name) == ["id", "x", "limit", "ids"])
        #expect(template.variables.map(\.joiner) == [nil, nil, nil, UInt8(ascii: ",")])
        #expect(template.variables.first?.offset == 11)
        #expect(template.path.count == 5)
        #expect(template.query.map { String(decoding: $0.name, as: UTF8.self) } == ["limit", "ids", "v", "flag", "e"])
        #expect(template.query[2].value == [.literal([UInt8(ascii: "1")])])
        #expect(template.query[3].value == nil)
        #expect(template.query[4].value == [])
    }

    @Test(arguments: [
        ("", 0), ("GET", 0), ("get /", 0), (" /", 0), ("FETCH /", 0), ("GET users", 4), ("GET /{", 6), ("GET /{}", 6),
        ("GET /{a", 7), ("GET /{a b}", 7), ("GET /a}", 6), ("GET /{a:,}", 7), ("GET /?{a}", 6), ("GET /?a={a:}", 10),
        ("GET /?a={a:,,}", 12), ("GET /?", 6), ("GET /?a&&b", 8), ("GET /a b", 6), ("GET /\u{e4}", 5), ("GET /a#b", 6),
        ("GET /../x", 4), ("GET /{1a}", 6), ("CONNECT /", 0), ("GET /?=x", 6),
    ])
    func `what is no template is refused at its place`(_ text: String, _ offset: Int) {
        do throws(TemplateError) {
            _ = try URITemplate(text)
            Issue.record("taken: \(text)")
        } catch {
            #expect(error.offset == offset, "\(text): \(error)")
        }
    }

    private func captures(_ pattern: String, _ path: String) throws -> [String]? {
        let pattern = try DoorPattern(pattern)
        var ranges: [Range<Int>] = []
        guard withBytes(path, { pattern.matches($0, captures: &ranges) }) else { return nil }
        return withBytes(path) { bytes in ranges.map { bytes.extracting($0).string } }
    }

    @Test(
        arguments: [
            ("GET /users/{id}", "/users/7", ["7"]), ("GET /users/{id}", "/users/a%2Fb", ["a%2Fb"]),
            ("GET /users/{id}", "/users/", nil), ("GET /users/{id}", "/users/7/", nil),
            ("GET /users/{id}", "/users", nil),
            ("GET /users/{id}", "/%75ser%73/7", ["7"]), ("GET /users/{id}", "/Users/7", nil), ("GET /", "/", []),
            ("GET /", "//", nil), ("GET /a/", "/a/", []), ("GET /a/", "/a", nil), ("ANY /l/{path...}", "/l/", [""]),
            ("ANY /l/{path...}", "/l", nil), ("ANY /l/{path...}", "/l/a/b//", ["a/b//"]), ("ANY /{p...}", "/", [""]),
            ("GET /{a}/x/{b}", "/1/x/2", ["1", "2"]), ("GET /a", "*", nil), ("GET /a", "", nil), ("GET /a", "/%6", nil),
        ] as [(String, String, [String]?)])
    func `a pattern takes what it describes`(_ pattern: String, _ path: String, _ expected: [String]?) throws {
        #expect(try captures(pattern, path) == expected)
    }

    @Test(arguments: [
        "", "GET", "GET x", "GET /{a}{b}", "GET /x{a}", "GET /{a...}/b", "GET /{a", "GET /{a}/{a}", "FOO /", "GET /a?b",
        "GET /{a..}", "GET /%zz",
    ])
    func `what is no pattern is refused`(_ text: String) {
        #expect(throws: TemplateError.self) { try DoorPattern(text) }
    }

    @Test func `the more specific pattern goes first`() throws {
        let sorted = try [
            "ANY /{p...}", "ANY /a/{p...}", "ANY /a/{x}", "GET /a/{x}", "GET /a/b", "GET /{x}/b",
        ].map { try DoorPattern($0) }.sorted { $0.isMoreSpecific(than: $1) }
        let expected = ["GET /a/b", "GET /a/{x}", "ANY /a/{x}", "ANY /a/{p...}", "GET /{x}/b", "ANY /{p...}"]
        #expect(try sorted == expected.map { try DoorPattern($0) })
    }

    @Test func `a segment or a value can be an expression as a whole`() throws {
        let names = { (text: String) in try URITemplate(text).variables.map(\.name) }
        #expect(
            try names("GET /a/$claims.sub/$header.x-id?p=$profile&q=$args.a.b&c={c}&s=$client.subject")
                == ["$claims.sub", "$header.x-id", "$profile", "$args.a.b", "c", "$client.subject"])
        #expect(try URITemplate("GET /a/$claims.sub").path.first == .literal(Array("/a/".utf8)))
        for text in [
            "GET /$metadata", "GET /a$args.x", "GET /$profiles", "GET /x?a=b$args.x", "GET /x?$args.x=1",
            "GET /$$args.x",
            "GET /x?a=c/$args.x",
        ] {
            #expect(try names(text).isEmpty, "\(text)")
        }
    }

    @Test func `RFC 3986 §2: what is encoded decodes to itself`() {
        let buffer = ByteBuffer()
        PercentCoding.appendEncoded("a-._~Z09/?#%&+ \u{e4}\n", to: buffer)
        #expect(buffer.string == "a-._~Z09%2F%3F%23%25%26%2B%20%C3%A4%0A")
        #expect(PercentCoding.decode(buffer.bytes) == "a-._~Z09/?#%&+ \u{e4}\n")
        #expect(withBytes("a+b%2B") { PercentCoding.decode($0, plusIsSpace: true) } == "a b+")
        for broken in ["%", "%4", "%zz", "a%4g", "%ff"] {
            #expect(withBytes(broken) { PercentCoding.decode($0) } == nil)
        }
    }

    @Test(arguments: [
        ("/a/../b", true), ("/..", true), ("/.", true), ("/a/.", true), ("/./a", true), ("/%2e", true),
        ("/a/%2E%2e/b", true),
        ("/.%2e", true), ("/...", false), ("/.a", false), ("/a.", false), ("/", false), ("", false), ("/%2", false),
        ("/a//b", false), ("/%252e", false), ("/..a/", false),
    ])
    func `RFC 3986 §3.3: dot segments, encoded or not`(_ path: String, _ expected: Bool) {
        #expect(withBytes(path) { PercentCoding.hasDotSegment($0) } == expected)
        if expected { #expect(withBytes(path) { PercentCoding.hasDotSegment($0, isForAnyServer: true) }) }
    }

    @Test(arguments: [
        ("/a/..%2fb", true), ("/..%2F", true), ("/a%2f%2e%2e", true), ("/a%2f..%2fb", true), ("/a%5c..%5Cb", true),
        ("/a\\..", true), ("/a/..;/b", true), ("/a/..;x=1/b", true), ("/a/%2e;", true), ("/a%2f.", true),
        ("/a%2fb", false), ("/a%2f..b", false), ("/a;..", false), ("/a;b/c", false), ("/%252e%252e%252f", false),
        ("/a%2f...", false), ("/;.", false), ("/%2", false), ("/a%5c", false),
    ])
    func `dot segments as a lenient server may see them`(_ path: String, _ expected: Bool) {
        #expect(!withBytes(path) { PercentCoding.hasDotSegment($0) })
        #expect(withBytes(path) { PercentCoding.hasDotSegment($0, isForAnyServer: true) } == expected)
    }
}
