import Testing

@testable import Planning

@Suite("Paths")
struct JSONPathTests {
    @Test(
        arguments: [
            ("a", [.member("a")]), ("a.b", [.member("a"), .member("b")]), ("a[0]", [.member("a"), .element(0)]),
            ("a[1][22].c", [.member("a"), .element(1), .element(22), .member("c")]),
            ("[3].x-y", [.element(3), .member("x-y")]), ("ä ö", [.member("ä ö")]),
        ] as [(String, [JSONPath.Step])])
    func `members are joined by dots, indices stand in brackets`(_ text: String, _ steps: [JSONPath.Step]) throws {
        let path = try JSONPath(text)
        #expect(path.steps == steps)
        #expect(path.description == text)
    }

    @Test(arguments: [
        ("", 0), (".", 0), ("a.", 2), ("a..b", 2), (".a", 0), ("a[", 1), ("a[]", 1), ("a[x]", 1), ("a[1", 1),
        ("a[1]b", 4), ("a]", 1), ("a.[0]", 2), ("a[10000]", 1), ("a[99999999999999999999999]", 1), ("a[-1]", 1),
    ]) func `anything else is refused with its place`(_ text: String, _ offset: Int) {
        let error = #expect(throws: PathError.self) { try JSONPath(text) }
        #expect(error?.offset == offset)
    }

    @Test func `every short text is either refused or written back as it was`() {
        let letters = ["a", ".", "[", "]", "0", "1"]
        var texts = [""]
        for _ in 0..<5 {
            texts = texts.flatMap { text in letters.map { text + $0 } }
            for text in texts {
                guard let path = try? JSONPath(text) else { continue }
                let hasLeadingZero = text.contains("[0") && path.description != text
                #expect(path.description == text || hasLeadingZero, "\(text)")
            }
        }
    }

    @Test(
        arguments: [
            ("$args.input.name", .argument(["input", "name"])),
            ("$this.a[0].b", .this(JSONPath(steps: [.member("a"), .element(0), .member("b")]))),
            ("$batch.id", .batch(JSONPath(steps: [.member("id")]))), ("$claims.a.b", .claim(["a", "b"])),
            ("$header.X-Name", .header("x-name")), ("$profile", .profile),
        ] as [(String, ValueExpression)])
    func `a value expression names its source`(_ text: String, _ expression: ValueExpression) throws {
        #expect(try ValueExpression(text) == expression)
    }

    @Test(arguments: [
        "$", "$args", "$args.", "$args..a", "$this", "$this.[0]", "$header.", "$header.a b", "$profile.x", "$x.y",
    ])
    func `what names no source is refused`(_ text: String) {
        #expect(throws: ExpressionError.self) { try ValueExpression(text) }
    }
}
