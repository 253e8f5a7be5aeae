import GraphQL
import Testing

private func isRefused(_ text: String) -> Bool { (try? Parser.parseValue(Source(text))) == nil }

private func printed(_ text: String) throws -> String { try Parser.parseValue(Source(text)).description }

@Suite("GraphQL §2.10 Input Values")
struct InputValueSyntaxTests {
    @Test(arguments: ["$a", "[$a]", "{b: [{c: $a}]}"])
    func `a constant holds no variable`(text: String) throws {
        #expect(try printed(text) == text)
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseConstantValue(Source(text)) }
    }
}

@Suite("GraphQL §2.10.1 Int Value")
struct IntValueTests {
    @Test(arguments: ["0", "-0", "7", "-12", "9007199254740993", "123456789012345678901234567890"])
    func `digits are kept as written`(text: String) throws {
        guard case .int(let digits) = try Parser.parseValue(Source(text)).kind else {
            Issue.record("no integer")
            return
        }
        #expect(digits == text)
    }

    @Test(arguments: ["00", "01", "-01", "+1", "--1", "-", "0x1F", "1a", "1_000", "1é"])
    func `signs, leading zeros and letters make it none`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.10.2 Float Value")
struct FloatValueTests {
    @Test(arguments: ["0.0", "-1.5", "6.0221413e23", "1E5", "1e+5", "-0.1E-10", "0e0"])
    func `a fraction, an exponent or both make a float`(text: String) throws {
        guard case .float(let digits) = try Parser.parseValue(Source(text)).kind else {
            Issue.record("no float")
            return
        }
        #expect(digits == text)
    }

    @Test(arguments: [".5", "1.", "1.e5", "1e", "1e+", "1.5.2", "01.5", "1.5x", "1e5.5", "Infinity1.", "0xA.8"])
    func `nothing is left out, and nothing follows`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.10.3 Boolean Value")
struct BooleanValueTests {
    @Test func `true and false are booleans, whatever else is written like them is an enum value`() throws {
        #expect(try Parser.parseValue(Source("true")).booleanValue == true)
        #expect(try Parser.parseValue(Source("false")).booleanValue == false)
        for text in ["True", "FALSE", "trueish"] {
            guard case .enum(text) = try Parser.parseValue(Source(text)).kind else {
                Issue.record("\(text) is no enum value")
                return
            }
        }
    }
}

@Suite("GraphQL §2.10.4 String Value")
struct StringValueTests {
    @Test(arguments: [
        (#""""#, ""), (#""a'b""#, "a'b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u00e9\u00E9""#, "éé"), (#""\u{0}\u{1F600}\u{00000A}""#, "\u{0}😀\n"), (#""\uD83D\uDE00""#, "😀"),
        (#""\ud83d\ude00""#, "😀"), (#""\uFFFF""#, "\u{FFFF}"), (#""\u{10FFFF}""#, "\u{10FFFF}"),
        ("\"\"\"\n  a\n   b\n\"\"\"", "a\n b"), (#""""\u0041\n""""#, #"\u0041\n"#), (#""""\""" ""  """"#, #"""" ""  "#),
    ])
    func `escapes stand for characters, in block strings only that of the quotes`(text: String, value: String) throws {
        #expect(try Parser.parseValue(Source(text)).stringValue == value)
    }

    @Test(arguments: [
        #""\a""#, #""\u004""#, #""\U0041""#, #""\u{}""#, #""\u{110000}""#, #""\u{D800}""#, #""\uD83D""#, #""\uDE00""#,
        #""\uD83D\u{DE00}""#, #""\uD83Dx""#, #""\u{41""#, #""\u{4 1}""#, "\"a\nb\"", "\"a\rb\"", "\"a", #""a\"#,
        #""""a"""#,
        #""\x41""#, #""\0""#,
    ])
    func `other escapes, lone surrogates and open strings are refused`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.10.5 Null Value")
struct NullValueTests {
    @Test func `null is a value, and other than none`() throws {
        #expect(try Parser.parseValue(Source("null")).isNull)
        #expect(try !Parser.parseValue(Source("Null")).isNull)
        #expect(
            try printed("[null, {a: null}]") == "[null, {a: null}]" && !Parser.parseValue(Source("[]")).isNull)
    }
}

@Suite("GraphQL §2.10.6 Enum Value")
struct EnumValueSyntaxTests {
    @Test(arguments: ["RED", "red", "_1", "on", "query", "nil"])
    func `any name but true, false and null is an enum value`(text: String) throws {
        guard case .enum(text) = try Parser.parseValue(Source(text)).kind else {
            Issue.record("no enum value")
            return
        }
    }

    @Test(arguments: ["true", "false", "null"])
    func `a type can't define the three as values`(name: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseSchemaDocument(Source("enum E { \(name) }")) }
    }
}

@Suite("GraphQL §2.10.7 List Value")
struct ListValueTests {
    @Test(arguments: [("[]", "[]"), ("[1 2,3]", "[1, 2, 3]"), ("[[1] [] [null]]", "[[1], [], [null]]")])
    func `items are in order, commas optional`(text: String, expected: String) throws {
        #expect(try printed(text) == expected)
    }

    @Test(arguments: ["[", "[1", "]", "[1}", "(1)"])
    func `a list is closed`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.10.8 Input Object Value")
struct InputObjectValueTests {
    @Test(arguments: [("{}", "{}"), ("{a:1 b:{c:[]}}", "{a: 1, b: {c: []}}")])
    func `fields are names and values`(text: String, expected: String) throws { #expect(try printed(text) == expected) }

    @Test func `fields have no order`() throws {
        #expect(
            try validationErrors(
                "{ findDog(searchBy: {name: \"a\", owner: \"b\"}) { name } findDog(searchBy: {owner: \"b\", name: \"a\"}) { name } }"
            ) == [])
    }

    @Test(arguments: ["{a}", "{a:}", "{: 1}", "{\"a\": 1}", "{a: 1", "{a = 1}", "{1: a}"])
    func `what isn't is refused`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.11 Variables")
struct VariableSyntaxTests {
    @Test func `a variable has a type, and may have a default and directives`() throws {
        let document = try Parser.parseDocument(Source("query ($a: Int, $b: [T!]! = [1] @d(x: 1) @e) { a(b: $ a) }"))
        let variables = try #require(document.operations.first).variables
        #expect(variables.map(\.name.value) == ["a", "b"])
        #expect(variables.map(\.type.reference.description) == ["Int", "[T!]!"])
        #expect(variables.map { $0.defaultValue?.description } == [nil, "[1]"])
        #expect(variables.map { $0.directives.map(\.name.value) } == [[], ["d", "e"]])
    }

    @Test(arguments: ["($a)", "(a: Int)", "($a: Int = $b)", "($a: Int @d(x: $b))", "($a Int)", "($: Int)", "($a: 1)"])
    func `what isn't is refused`(variables: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseDocument(Source("query \(variables) { a }")) }
    }

    @Test func `a variable belongs to its operation, and to the fragments that it uses`() throws {
        let fragment = "fragment F on Query { any(value: [$a]) }"
        #expect(try validationErrors("query A($a: Int) { ...F } query B($a: ID) { ...F } \(fragment)") == [])
        #expect(try validationErrors("query A($a: Int) { ...F } query B { ...F } \(fragment)").count == 1)
    }
}

@Suite("GraphQL §2.12 Type References")
struct TypeReferenceTests {
    @Test(arguments: ["T", "T!", "[T]", "[T!]", "[T]!", "[[T!]!]!", "[[[T]]]"])
    func `named types, lists and Non-Nulls nest`(text: String) throws {
        #expect(try Parser.parseType(Source(text)).description == text)
    }

    @Test(arguments: ["", "!", "T!!", "[]", "[T", "T]", "[T]!!", "[T U]", "{T}", "$T", "\"T\""])
    func `no Non-Null stands within another, no list is empty`(text: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseType(Source(text)) }
    }

    @Test func `the type that is named exists`() throws {
        #expect(try validationErrors("query ($a: [Nope!]) { any(value: [$a]) }").count == 1)
    }
}

@Suite("GraphQL §2.13 Directives")
struct DirectiveSyntaxTests {
    @Test func `directives keep their order and arguments`() throws {
        let document = try Parser.parseDocument(Source("query @b @a(x: 1, y: [$v]) @b { c }"))
        let directives = try #require(document.operations.first).directives
        #expect(directives.map(\.name.value) == ["b", "a", "b"])
        #expect(directives.map { $0.arguments.map(\.name.value) } == [[], ["x", "y"], []])
    }

    @Test(arguments: ["{ a @ }", "{ a @d() }", "{ a @d(x) }", "{ a @1 }", "{ @d a }"])
    func `a directive is a name behind its sign`(text: String) {
        #expect(throws: GraphQLSyntaxError.self) { try Parser.parseDocument(Source(text)) }
    }
}

@Suite("GraphQL §2.14 Schema Coordinates")
struct SchemaCoordinateTests {
    @Test func `each element of a schema has one coordinate`() throws {
        let schema = try schema(
            """
            type Query { searchBusiness(criteria: SearchCriteria!): [Business] }
            input SearchCriteria { name: String filter: SearchFilter }
            enum SearchFilter { OPEN_NOW DELIVERS_TAKEOUT }
            type Business { id: ID name: String }
            directive @private(scope: String!) on FIELD_DEFINITION
            """)
        #expect(schema.type(named: "Business")?.fields["name"]?.coordinate == "Business.name")
        #expect(schema.type(named: "SearchCriteria")?.inputFields["filter"]?.coordinate == "SearchCriteria.filter")
        #expect(schema.type(named: "SearchFilter")?.values["OPEN_NOW"]?.coordinate == "SearchFilter.OPEN_NOW")
        #expect(
            schema.queryType.fields["searchBusiness"]?.arguments["criteria"]?.coordinate
                == "Query.searchBusiness(criteria:)")
        #expect(schema.directives["private"]?.arguments["scope"]?.coordinate == "@private(scope:)")
        #expect(schema.directives["deprecated"]?.arguments["reason"]?.coordinate == "@deprecated(reason:)")
    }
}
