import GraphQL
import Testing

@Suite("GraphQL §5 Documents made to be slow")
struct LargeDocumentTests {
    /// Many times what a document takes that is looked at once, so that slow machines and sanitizers keep to it: a
    /// release build needs a tenth of a second at most.
    static let limit = Duration.seconds(20)
    static let count = 10_000

    static func many(_ count: Int = count, _ line: (Int) -> String) -> String {
        (0..<count).map(line).joined(separator: "\n")
    }

    static let documents: [(name: String, text: String)] = [
        (
            "a chain of fragments at one level",
            "{ nested { ...F0 } } fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { c ...F\($0 + 1) }" }
        ),
        (
            "a chain of fragments in each other's fields",
            "{ nested { ...F0 } } fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { a { ...F\($0 + 1) } }" }
        ),
        (
            "a diamond of fragments at one level",
            "{ nested { ...F0 } } fragment F\(count) on Nested { c } fragment F\(count + 1) on Nested { c } "
                + many { "fragment F\($0) on Nested { ...F\($0 + 1) ...F\($0 + 2) }" }
        ),
        (
            "a diamond of fragments in different fields",
            "{ nested { ...F0 } } fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { a { ...F\($0 + 1) } b { ...F\($0 + 1) } }" }
        ),
        (
            "a diamond of fragments in the same field",
            "{ nested { ...F0 } } fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { a { ...F\($0 + 1) } a { ...F\($0 + 1) c } }" }
        ),
        ("aliases of one field", "{ nested { \(many { "a\($0): c" }) } }"),
        ("aliases of one field with a selection set", "{ nested { \(many { "a\($0): a { c }" }) } }"),
        ("one field repeated", "{ nested { \(many { _ in "c" }) } }"),
        ("one field repeated with a selection set", "{ nested { \(many { _ in "a { a { c } }" }) } }"),
        ("one field repeated with arguments", "{ nested { \(many { _ in "d(x: 1)" }) } }"),
        (
            "a fragment in each of many fields",
            "{ nested { \(many { "a\($0): a { ...F }" }) } } fragment F on Nested { \(many(1000) { "b\($0): c" }) }"
        ),
        ("a list literal", "{ any(value: [\(String(repeating: "1 ", count: 500_000))]) }"),
        ("an object literal", "{ any(value: {\(many { "x\($0): {y: [1]}" })}) }"),
        ("inline fragments beside each other", "{ nested { \(many { _ in "... on Nested { a { c } }" }) } }"),
        (
            "inline fragments within each other",
            "{ nested { \(many(100) { _ in "\(String(repeating: "...{", count: 190)) c \(String(repeating: "}", count: 190))" }) } }"
        ),
        (
            "one field repeated with large arguments",
            "{ \(many(1000) { _ in "any(value: [\(String(repeating: "1 ", count: 500))])" }) }"
        ),
        ("many operations", many { "query Q\($0) { nested { ...F } }" } + " fragment F on Nested { c }"),
        ("many directives", "{ nested { c \(many { _ in "@onField" }) } }"),
        (
            "many variables",
            "query (\(many { "$v\($0): Int" })) { nested { \(many { "a\($0): d(x: $v\($0))" }) } }"
        ),
    ]

    @Test(arguments: documents.indices)
    func `a valid document is decided in time linear in its size`(index: Int) throws {
        let source = Source(Self.documents[index].text)
        let document = try Parser.parseDocument(source)
        let schema = try validationSchema.get()
        var errors: [ValidationError] = []
        let time = ContinuousClock().measure { errors = Validator.validate(document, against: schema) }
        #expect(errors == [], "\(Self.documents[index].name)")
        #expect(time < Self.limit, "\(Self.documents[index].name)")
    }

    @Test(
        arguments: [
            // Each field merges another part of a chain: nothing is ever the same twice.
            "{ nested { \(many { "a\($0): a { ...F\($0) c }" }) } } fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { x\($0): c ...F\($0 + 1) }" },
            // Each operation uses another part of a chain.
            many { "query Q\($0) { nested { ...F\($0) c } }" } + "fragment F\(count) on Nested { c } "
                + many { "fragment F\($0) on Nested { x\($0): c ...F\($0 + 1) }" },
        ])
    func `a document that would take quadratic time is refused`(text: String) throws {
        let document = try Parser.parseDocument(Source(text))
        let schema = try validationSchema.get()
        var errors: [ValidationError] = []
        let time = ContinuousClock().measure { errors = Validator.validate(document, against: schema) }
        #expect(errors.count == 1 && errors.first?.message.hasPrefix("The document is too complex") == true)
        #expect(time < Self.limit)
    }

    @Test(
        arguments: [
            "{ nested { \(many { "x\($0)" }) } }", "{ nested { \(many { "a: \($0 % 2 == 0 ? "c" : "d")" }) } }",
            "{ nested { \(many { "...F\($0)" }) } }", many { "fragment F\($0) on Nested { ...F\($0) }" },
            many { "query Q { nested { c } }  #\($0)" },
            "{ findDog(searchBy: {\(many { "x\($0): 1" })}) { name } }",
            "{ booleanList(booleanListArg: [\(many { "X\($0)" })]) }",
            "query (\(many { "$v\($0): Int" })) { any }", "{ any(value: [\(many { "$v\($0)" })]) }",
        ])
    func `endless errors are cut off`(text: String) throws {
        let document = try Parser.parseDocument(Source(text))
        let schema = try validationSchema.get()
        var errors: [ValidationError] = []
        let time = ContinuousClock().measure { errors = Validator.validate(document, against: schema) }
        #expect(errors.count == Validator.maximumErrors + 1)
        #expect(errors.last?.message == "Too many validation errors, error limit reached. Validation aborted.")
        #expect(time < Self.limit)
    }

    @Test func `a cycle through ten thousand fragments is told shortly`() throws {
        let text = "{ nested { ...F0 } }" + Self.many { "fragment F\($0) on Nested { ...F\(($0 + 1) % Self.count) }" }
        let errors = Validator.validate(
            try Parser.parseDocument(Source(text)), against: try validationSchema.get())
        #expect(errors.count == 1 && errors[0].message.hasPrefix("Cannot spread fragment \"F0\" within itself via"))
        #expect(errors[0].message.utf8.count < 700 && errors[0].offsets.count == 20)
    }

    @Test func `huge names and values are not echoed`() throws {
        let name = String(repeating: "x", count: 500_000)
        let text =
            "query \(name)($\(name): Int) { \(name) any(\(name): 1) arguments { intArgField(intArg: \"\(name)\") } }"
        let errors = Validator.validate(
            try Parser.parseDocument(Source(text)), against: try validationSchema.get())
        #expect(errors.count == 4 && errors.allSatisfy { $0.message.utf8.count < 700 })
    }

    @Test func `nesting as deep as the parser allows is validated`() throws {
        let fields = String(repeating: "a { ...on Nested { ", count: 90) + "c" + String(repeating: " } }", count: 90)
        let value = String(repeating: "[", count: 190) + "$x" + String(repeating: "]", count: 190)
        #expect(try validationErrors("query ($x: Int) { nested { \(fields) } any(value: \(value)) }") == [])
    }

    @Test func `merging of merged fields without end is refused`() throws {
        // Every path through the fields merges another set of selection sets: 2 to the power of the depth.
        let sets = (0..<40).map { index in
            "fragment F\(index) on Nested { a { ...F\(index + 1) } b { ...F\((index * 7 + 3) % 41) ...F\(index + 1) } }"
        }
        let text = "{ nested { ...F0 } } fragment F40 on Nested { c } " + sets.joined(separator: "\n")
        let document = try Parser.parseDocument(Source(text))
        let schema = try validationSchema.get()
        let time = ContinuousClock().measure { _ = Validator.validate(document, against: schema) }
        #expect(time < Self.limit)
    }
}
