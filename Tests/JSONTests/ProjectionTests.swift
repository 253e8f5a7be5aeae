import Bytes
import JSON
import TestSupport
import Testing

@Suite("Projection")
struct ProjectionTests {
    private static func text(_ range: Range<Int>, _ body: ByteBuffer) -> String {
        String(decoding: range.map { body[$0] }, as: UTF8.self)
    }

    /// What a projection of `selection` kept, written down from the slots.
    private func dump(
        _ slot: Slot, _ selection: Selection, _ node: ShapeBuilder.Node, _ result: ProjectedBody, _ body: ByteBuffer
    ) -> String {
        switch slot.kind {
        case .missing, .joined: return "\(slot.kind)"
        case .null, .true, .false: return Self.text(slot.range, body)
        case .number: return Self.text(slot.range, body) + (slot.flags.contains(.negative) ? " negative" : "")
        case .string: return "\"\(slot.string(in: body) ?? "?")\""
        case .object:
            guard let record = result.record(of: slot) else { return "object" }
            let members = selection.members.keys.sorted().map { name in
                let child = node.member(name)
                let value = result.slot(record: record, member: child.slot)
                return "\(name)=" + dump(value, selection.members[name]!, child, result, body)
            }
            return "{" + members.joined(separator: ",") + "}+\(selection.reserved)"
        case .list:
            guard let inner = selection.elements.first else { return "list" }
            let elements = result.elements(of: slot).map {
                dump(result[$0], inner, node.elements(), result, body)
            }
            return "[" + elements.joined(separator: ",") + "]"
        }
    }

    /// The same from the reference's tree.
    private func dump(_ value: ReferenceJSON?, _ selection: Selection) -> String {
        switch value {
        case nil: return "missing"
        case .null: return "null"
        case .boolean(let value): return "\(value)"
        case .number(let text): return text + (text.hasPrefix("-") ? " negative" : "")
        case .string(let text): return "\"\(text)\""
        case .object:
            if selection.members.isEmpty, selection.reserved == 0 { return "object" }
            let members = selection.members.keys.sorted().map {
                "\($0)=" + dump(value?.member($0), selection.members[$0]!)
            }
            return "{" + members.joined(separator: ",") + "}+\(selection.reserved)"
        case .list(let elements):
            guard let inner = selection.elements.first else { return "list" }
            return "[" + elements.prefix(selection.limit ?? .max).map { dump($0, inner) }.joined(separator: ",") + "]"
        }
    }

    private func build(_ selection: Selection, _ node: ShapeBuilder.Node) {
        for (name, inner) in selection.members { build(inner, node.member(name)) }
        for _ in 0..<selection.reserved { _ = node.reserveSlot() }
        for inner in selection.elements {
            build(inner, selection.limit.map { node.element($0 - 1) } ?? node.elements())
        }
    }

    @Test func `keeps what the reference selects, on random shapes and texts`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomJSON(generator: Seeded(seed))
        let result = ProjectedBody()
        for _ in 0..<150 {
            let selection = random.selection()
            let builder = ShapeBuilder()
            build(selection, builder.root)
            let shape = builder.build()
            for _ in 0..<6 {
                let text = random.document()
                let body = buffer(text)
                try Projection.run(shape, over: body, into: result)
                let kept = dump(result.root, selection, builder.root, result, body)
                let expected = dump(ReferenceJSON.parse(Array(text.utf8)), selection)
                #expect(kept == expected, "seed \(seed): \(text)")
            }
        }
    }

    @Test func `slices are the values' own text`() throws {
        let builder = ShapeBuilder()
        for name in ["s", "n", "o", "l", "t", "z"] { _ = builder.root.member(name) }
        let body = buffer(#"{"z":null,"s":"a\"b","n":-1.50,"o":{"x":[1]},"l":[ 1 ],"t":true}"#)
        let result = ProjectedBody()
        try Projection.run(builder.build(), over: body, into: result)
        let record = try #require(result.record(of: result.root))
        let texts = ["s", "n", "o", "l", "t", "z"].map { name in
            let answer = ByteBuffer()
            answer.append(result.slot(record: record, member: builder.root.member(name).slot), of: body)
            return answer.string
        }
        #expect(texts == [#""a\"b""#, "-1.50", #"{"x":[1]}"#, "[ 1 ]", "true", "null"])
        #expect(result.root.range == 0..<body.count)
        #expect(result.slot(record: record, member: 0).flags == .escaped)
        #expect(result.slot(record: record, member: 1).flags == [.fractional, .negative])
    }

    @Test func `the last of equal names wins, however it is written`() throws {
        let builder = ShapeBuilder()
        let name = builder.root.member("name").member("x")
        let body = buffer(#"{"name":{"x":1},"other":0,"n\u0061me":{"x":2},"name":{"y":3}}"#)
        let result = ProjectedBody()
        try Projection.run(builder.build(), over: body, into: result)
        var record = try #require(result.record(of: result.root))
        record = try #require(result.record(of: result[record]))
        #expect(result.slot(record: record, member: name.slot).kind == .missing)
        let shorter = buffer(#"{"name":{"x":1},"n\u0061me":{"x":2}}"#)
        try Projection.run(builder.build(), over: shorter, into: result)
        record = try #require(result.record(of: result.root))
        record = try #require(result.record(of: result[record]))
        #expect(result.slot(record: record, member: name.slot).int32(in: shorter) == 2)
    }

    @Test func `reserved slots are the owner's`() throws {
        let builder = ShapeBuilder()
        let item = builder.root.elements()
        let id = item.member("id").slot
        let join = item.reserveSlot()
        let late = item.member("late").slot
        #expect([id, join, late] == [0, 1, 2])
        let result = ProjectedBody()
        try Projection.run(builder.build(), over: buffer(#"[{"id":1},{"late":2},null]"#), into: result)
        let elements = result.elements(of: result.root)
        #expect(elements.count == 3)
        for index in elements {
            guard let record = result.record(of: result[index]) else { continue }
            #expect(result.slot(record: record, member: join) == .missing)
            result.setSlot(record: record, member: join, .joined(tag: 7, payload: UInt32(index)))
            #expect(result.slot(record: record, member: join).payload == UInt32(index))
        }
        #expect(result.record(of: result[elements.upperBound - 1]) == nil)
    }

    @Test func `only the elements up to the last wanted index are kept`() throws {
        let builder = ShapeBuilder()
        _ = builder.root.element(2)
        _ = builder.root.element(0)
        let result = ProjectedBody()
        try Projection.run(builder.build(), over: buffer("[1,2,3,4,[5],6]"), into: result)
        #expect(result.elements(of: result.root).count == 3)
        try Projection.run(builder.build(), over: buffer("[1]"), into: result)
        #expect(result.elements(of: result.root).count == 1)
        try Projection.run(builder.build(), over: buffer("[]"), into: result)
        #expect(result.elements(of: result.root).isEmpty)
    }

    @Test func `a bound on slots is kept`() throws {
        let builder = ShapeBuilder()
        for index in 0..<100 { _ = builder.root.elements().member("m\(index)") }
        let result = ProjectedBody()
        result.maximumSlots = 10_000
        let body = buffer("[" + String(repeating: "{},", count: 200) + "1]")
        #expect(throws: JSONError.self) { try Projection.run(builder.build(), over: body, into: result) }
        #expect(result.slotCount == 1)
        #expect(result.root.kind == .missing)
        let numbers = buffer("[" + String(repeating: "1,", count: 20_000) + "1]")
        #expect(throws: JSONError.self) { try Projection.run(builder.build(), over: numbers, into: result) }
    }

    @Test func `a refused text leaves nothing, and the next one starts afresh`() throws {
        let builder = ShapeBuilder()
        _ = builder.root.elements().member("a")
        let shape = builder.build()
        let result = ProjectedBody()
        #expect(throws: JSONError(.unexpectedEnd, at: 14)) {
            try Projection.run(shape, over: buffer(#"[{"a":1},{"a":"#), into: result)
        }
        #expect(result.root.kind == .missing)
        #expect(result.slotCount == 1)
        try Projection.run(shape, over: buffer(#"[{"a":1}]"#).bytes, into: result)
        #expect(result.elements(of: result.root).count == 1)
        result.reset(recordOf: 3)
        #expect(result.record(of: result.root) == 1)
        #expect(result.slotCount == 4)
    }

    @Test func `a list of many elements, lists in it, and names in another order each time`() throws {
        let builder = ShapeBuilder()
        let row = builder.root.elements()
        let (a, b, cells) = (row.member("a"), row.member("b"), row.member("cells"))
        _ = cells.elements().elements()
        var text = "["
        for index in 0..<500 {
            let cells = "[" + (0..<index % 4).map { "[\($0),\(index)]" }.joined(separator: ",") + "]"
            let members = ["\"a\":\(index)", "\"b\":\"\(index)\"", "\"cells\":\(cells)", "\"x\":{\"a\":0}"]
            let turned = members[(index % 4)...] + members[..<(index % 4)]
            text += (index > 0 ? "," : "") + "{" + turned.joined(separator: ",") + "}"
        }
        let body = buffer(text + "]")
        let result = ProjectedBody()
        try Projection.run(builder.build(), over: body, into: result)
        for (index, element) in result.elements(of: result.root).enumerated() {
            let record = try #require(result.record(of: result[element]))
            #expect(result.slot(record: record, member: a.slot).int32(in: body) == Int32(index))
            #expect(result.slot(record: record, member: b.slot).string(in: body) == "\(index)")
            let lists = result.elements(of: result.slot(record: record, member: cells.slot))
            #expect(lists.count == index % 4)
            for (first, list) in lists.enumerated() {
                let numbers = result.elements(of: result[list]).map { result[$0].int64(in: body) }
                #expect(numbers == [Int64(first), Int64(index)])
            }
        }
    }
}
