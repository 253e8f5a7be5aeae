import Bytes
import HTTP
import Testing

@Suite("RFC 9110 §5 Fields")
struct FieldListTests {
    @Test(arguments: KnownField.allCases)
    func `every known name is recognised in any case, and no neighbour of it`(_ field: KnownField) {
        let name = field.name.description
        #expect(withBytes(name) { KnownField($0) } == field)
        #expect(withBytes(name.uppercased()) { KnownField($0) } == field)
        for other in [name + "x", String(name.dropLast()), "x" + name.dropFirst(), name.dropLast() + "~"] {
            let found = withBytes(other) { KnownField($0) }
            #expect(found == nil || found?.name.description == other, "\(other)")
        }
    }

    private func list(_ fields: [(String, String)]) -> FieldList {
        let list = FieldList()
        for (name, value) in fields { list.append(name: name, value: value) }
        return list
    }

    @Test func `order and duplicates are kept through removals`() {
        let fields = list([("A", "1"), ("Cookie", "x"), ("a", "2"), ("Cookie", "y"), ("B", "3")])
        fields.removeAll { fields.known(at: $0) == .cookie }
        #expect((0..<fields.count).map { fields.valueString(at: $0) } == ["1", "2", "3"])
        #expect(fields.index(ofName: "B") == 2)
        fields.append(.cookie, "z")
        let buffer = ByteBuffer()
        fields.appendLines(to: buffer)
        #expect(buffer.string == "A: 1\r\na: 2\r\nB: 3\r\ncookie: z\r\n")
    }

    @Test func `§5.6.1: lists go over lines, empty members and quoted commas`() {
        let fields = list([("Accept", "a , ,b;q=\"1,\\\"2\""), ("X", "no"), ("accept", ",c,")])
        var members: [String] = []
        fields.forEachMember(of: .accept) {
            members.append($0.string)
            return true
        }
        #expect(members == ["a", "b;q=\"1,\\\"2\"", "c"])
    }

    @Test func `§7.6.1: hop-by-hop fields and those that Connection names`() {
        let fields = list([
            ("Connection", "close, X-Private"), ("x-private", "1"), ("Keep-Alive", "1"), ("TE", "x"), ("Host", "h"),
            ("Connection", "other"), ("Other", "1"), ("Upgrade", "h2c"), ("X-Public", "1"),
        ])
        let kept = (0..<fields.count).filter { !fields.isHopByHop(at: $0) }.map { fields.nameString(at: $0) }
        #expect(kept == ["Host", "X-Public"])
    }

    @Test(arguments: [
        ("application/json", 0), ("*/*", 0), ("text/html", nil), ("application/graphql-response+json", 1),
        ("application/json;q=0.5, application/graphql-response+json;q=0.9", 1),
        ("application/*;q=0.1, application/json;q=0.2", 0), ("application/*, application/graphql-response+json", 1),
        ("application/json;q=0", nil), ("*/*, application/json;q=0", 1), ("APPLICATION/JSON", 0), ("", nil),
        ("application/json;q=2", nil), ("application/json;charset=utf-8;q=0.3,*/*;q=0.2", 0),
    ])
    func `RFC 9110 §12.5.1: the best of what is accepted`(_ accept: String, _ best: Int?) {
        let fields = list([("Accept", accept)])
        let types: [StaticString] = ["application/json", "application/graphql-response+json"]
        #expect(AcceptHeader.best(of: types, in: fields) == best)
    }

    @Test func `RFC 9110 §8.3.1: media types and their parameters`() {
        let value = "Application/JSON ; x=\"a;b\";Charset=\"utf-8\" "
        #expect(withBytes(value) { MediaType.isType($0, "application/json") })
        #expect(
            withBytes(value) { bytes in MediaType.parameter("charset", in: bytes).map { bytes.extracting($0).string } }
                == "utf-8")
        #expect(
            withBytes(value) { bytes in MediaType.parameter("x", in: bytes).map { bytes.extracting($0).string } }
                == "a;b")
        #expect(withBytes("a/b;c=\"\\") { MediaType.parameter("d", in: $0) } == nil)
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-5, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (Int.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `RFC 9110 §5.6.7: dates`(_ seconds: Int, _ expected: String) {
        let buffer = ByteBuffer()
        HTTPDate.append(seconds, to: buffer)
        #expect(buffer.string == expected)
    }
}
