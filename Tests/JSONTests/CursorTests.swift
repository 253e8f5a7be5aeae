import Bytes
import JSON
import TestSupport
import Testing

@Suite("Walking a request's JSON")
struct CursorTests {
    /// The tree that a cursor meets.
    private func tree(_ cursor: inout JSONCursor) throws -> ReferenceJSON {
        switch cursor.nextKind {
        case .object:
            var members: [ReferenceJSON.Member] = []
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                members.append(.init(name: try #require(name.string(in: cursor.body)), value: try tree(&cursor)))
            }
            return .object(members)
        case .list:
            var elements: [ReferenceJSON] = []
            try cursor.enterList()
            while try cursor.nextElement() { elements.append(try tree(&cursor)) }
            return .list(elements)
        case let kind:
            let slot = try cursor.value()
            #expect(slot.kind == kind)
            switch kind {
            case .null: return .null
            case .true, .false: return .boolean(kind == .true)
            case .string: return .string(try #require(slot.string(in: cursor.body)))
            default: return .number(String(decoding: slot.range.map { cursor.body[$0] }, as: UTF8.self))
            }
        }
    }

    @Test func `meets what the reference meets`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<200 {
            let text = random.document()
            var cursor = try JSONCursor(buffer(text))
            #expect(try tree(&cursor) == ReferenceJSON.parse(Array(text.utf8)), "seed \(seed): \(text)")
        }
    }

    @Test func `reads a GraphQL request and its variables later`() throws {
        let body = buffer(
            #" { "query" : "{ a }", "variables":{"id": 12345678901234567890 , "list":[1, [] ,{}]} , "operationName":null}  "#
        )
        var cursor = try JSONCursor(body)
        var variables = Slot.missing
        try cursor.enterObject()
        while let name = try cursor.nextMember() {
            let value = try cursor.value()
            if name.isString("variables", in: body) { variables = value }
            if name.isString("query", in: body) { #expect(value.isString("{ a }", in: body)) }
        }
        var inner = JSONCursor(body, at: variables)
        try inner.enterObject()
        #expect(try inner.nextMember()?.string(in: body) == "id")
        let answer = ByteBuffer()
        answer.append(try inner.value(), of: body)
        #expect(answer.string == "12345678901234567890")
        #expect(try inner.nextMember()?.string(in: body) == "list")
        #expect(try tree(&inner) == .list([.number("1"), .list([]), .object([])]))
        #expect(try inner.nextMember() == nil)
        #expect(inner.nextKind == .missing)
    }

    @Test func `a string's own slice is walked with its quotes`() throws {
        let body = buffer(#"["a\n","b"]"#)
        var cursor = try JSONCursor(body)
        try cursor.enterList()
        #expect(try cursor.nextElement())
        let slot = try cursor.value()
        var inner = JSONCursor(body, at: slot)
        #expect(inner.nextKind == .string)
        #expect(try inner.value() == slot)
    }

    @Test func `asking for another kind throws and doesn't move`() throws {
        var cursor = try JSONCursor(buffer("[1]"))
        #expect(throws: JSONError(.unexpectedKind, at: 0)) { try cursor.enterObject() }
        try cursor.enterList()
        #expect(throws: JSONError(.unexpectedKind, at: 1)) { try cursor.enterList() }
        #expect(try cursor.nextElement())
        #expect(try cursor.value().kind == .number)
        #expect(try !cursor.nextElement())
    }

    @Test func `wrong use never traps`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        for _ in 0..<300 {
            var cursor = try JSONCursor(buffer(random.document()))
            for _ in 0..<12 {
                switch Int.random(in: 0..<5, using: &random.generator) {
                case 0: _ = try? cursor.value()
                case 1: try? cursor.enterObject()
                case 2: try? cursor.enterList()
                case 3: _ = try? cursor.nextMember()
                default: _ = try? cursor.nextElement()
                }
            }
            #expect(cursor.offset <= cursor.body.count, "seed \(seed)")
        }
    }

    @Test func `a malformed text is refused before anything is read`() {
        #expect(throws: JSONError(.unexpectedByte, at: 12)) { try JSONCursor(buffer(#"{"query":"a"]"#)) }
        #expect(throws: JSONError(.nestedTooDeeply, at: 3)) { try JSONCursor(buffer("[[[[]]]]"), maximumDepth: 3) }
    }
}
