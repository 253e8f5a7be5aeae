import GraphQL
import Testing

// Each section of §3 that says what values a type takes: of literals (§5.6.1) and of variables (§6.1.2).

private let sdl = """
    type Query { a: Int } scalar Any enum Color { RED GREEN }
    input Point { x: Int! y: Int! = 0 name: String } input One @oneOf { a: Int b: String }
    """

/// Whether a literal fits a type.
private func takes(_ type: String, literal: String) throws -> Bool {
    try schema(sdl).problems(
        of: Parser.parseConstantValue(Source(literal)), expecting: Parser.parseType(Source(type))
    ).isEmpty
}

/// What a variable's value becomes; nil where it is refused.
private func coerced(_ type: String, _ value: InputValue) throws -> InputValue? {
    let document = try Parser.parseDocument(Source("query ($x: \(type)) { a }"))
    let operation = try #require(document.operations.first)
    return try? schema(sdl).coerceVariableValues(of: operation, values: [InputMember(name: "x", value: value)])["x"]
}

@Suite("GraphQL §3.5.1 Int")
struct IntTests {
    @Test(arguments: [
        ("1", true), ("-2147483648", true), ("2147483648", false), ("1.0", false), ("\"1\"", false), ("true", false),
        ("RED", false), ("[1]", false), ("{}", false),
    ])
    func `literals are integers of 32 bits`(literal: String, fits: Bool) throws {
        #expect(try takes("Int", literal: literal) == fits)
    }

    @Test func `values are integral numbers of 32 bits`() throws {
        #expect(try coerced("Int", .number("7")) == .int(7) && coerced("Int", .number("1e2")) == .int(100))
        for value in [InputValue.number("1.5"), .number("-2147483649"), .string("1"), .boolean(true), .list([])] {
            #expect(try coerced("Int", value) == nil)
        }
    }
}

@Suite("GraphQL §3.5.2 Float")
struct FloatTests {
    @Test(arguments: [
        ("1", true), ("1.5", true), ("-1e300", true), ("1e999", false), ("\"1.5\"", false), ("true", false),
    ])
    func `literals are numbers within range`(literal: String, fits: Bool) throws {
        #expect(try takes("Float", literal: literal) == fits)
    }

    @Test func `values are numbers within range`() throws {
        #expect(try coerced("Float", .number("1")) == .float(1) && coerced("Float", .number("1e999")) == nil)
        #expect(try coerced("Float", .string("1")) == nil)
    }
}

@Suite("GraphQL §3.5.3 String")
struct StringTests {
    @Test(arguments: [("\"a\"", true), ("\"\"\"a\"\"\"", true), ("1", false), ("RED", false), ("true", false)])
    func `literals are strings`(literal: String, fits: Bool) throws {
        #expect(try takes("String", literal: literal) == fits)
    }

    @Test func `values are strings`() throws {
        #expect(try coerced("String", .string("é😀")) == .string("é😀") && coerced("String", .number("1")) == nil)
    }
}

@Suite("GraphQL §3.5.4 Boolean")
struct BooleanTests {
    @Test(arguments: [("true", true), ("false", true), ("\"true\"", false), ("1", false), ("TRUE", false)])
    func `literals are true and false`(literal: String, fits: Bool) throws {
        #expect(try takes("Boolean", literal: literal) == fits)
    }

    @Test func `values are true and false`() throws {
        #expect(try coerced("Boolean", .boolean(false)) == .boolean(false) && coerced("Boolean", .number("0")) == nil)
    }
}

@Suite("GraphQL §3.5.5 ID")
struct IDTests {
    @Test(arguments: [
        ("\"a\"", true), ("4", true), ("99999999999999999999", true), ("4.0", false), ("true", false), ("RED", false),
    ])
    func `literals are strings and integers`(literal: String, fits: Bool) throws {
        #expect(try takes("ID", literal: literal) == fits)
    }

    @Test func `values become strings`() throws {
        #expect(try coerced("ID", .number("12")) == .string("12") && coerced("ID", .string("a")) == .string("a"))
        #expect(try coerced("ID", .number("1.5")) == nil && coerced("ID", .boolean(true)) == nil)
    }
}

@Suite("GraphQL §3.9 Enums, as input")
struct EnumInputTests {
    @Test(arguments: [("RED", true), ("BLUE", false), ("\"RED\"", false), ("1", false), ("red", false)])
    func `literals are names, values are strings that hold one`(literal: String, fits: Bool) throws {
        #expect(try takes("Color", literal: literal) == fits)
        #expect(try coerced("Color", .string("RED")) == .enum("RED") && coerced("Color", .string("BLUE")) == nil)
    }
}

@Suite("GraphQL §3.10 Input Objects, as input")
struct InputObjectInputTests {
    @Test(arguments: [
        ("{x: 1}", true), ("{x: 1, y: 2, name: null}", true), ("{}", false), ("{x: null}", false),
        ("{x: 1, y: null}", false),
        ("{x: 1, z: 1}", false), ("{x: \"1\"}", false), ("1", false), ("[]", false),
    ])
    func `literals have known fields that fit, and all that are required`(literal: String, fits: Bool) throws {
        #expect(try takes("Point", literal: literal) == fits)
    }

    @Test func `values likewise, with defaults for what isn't there`() throws {
        let value = InputValue.object([InputMember(name: "x", value: .number("1"))])
        let expected = InputValue.object([
            InputMember(name: "x", value: .int(1)), InputMember(name: "y", value: .int(0)),
        ])
        #expect(try coerced("Point", value) == expected)
    }
}

@Suite("GraphQL §3.11 List")
struct ListInputTests {
    // The table of the section.
    @Test(arguments: [
        ("[Int]", "[1, 2, 3]", true), ("[Int]", "[1, \"b\", true]", false), ("[Int]", "1", true),
        ("[Int]", "null", true),
        ("[[Int]]", "[[1], [2, 3]]", true), ("[[Int]]", "[1, null, 3]", true), ("[[Int]]", "[[1], [\"b\"]]", false),
        ("[[Int]]", "1", true), ("[[Int]]", "null", true),
    ])
    func `a single value stands for a list of it, at every level`(type: String, literal: String, fits: Bool) throws {
        #expect(try takes(type, literal: literal) == fits)
    }

    @Test func `values likewise`() throws {
        #expect(try coerced("[[Int]]", .number("1")) == .list([.list([.int(1)])]))
        #expect(try coerced("[[Int]]", .list([.number("1"), .null])) == .list([.list([.int(1)]), .null]))
        #expect(try coerced("[Int]", .list([.string("b")])) == nil)
    }
}

@Suite("GraphQL §3.12 Non-Null")
struct NonNullInputTests {
    @Test(arguments: [
        ("Int!", "1", true), ("Int!", "null", false), ("Point!", "null", false), ("[Int]!", "null", false),
    ])
    func `null is excluded`(type: String, literal: String, fits: Bool) throws {
        #expect(try takes(type, literal: literal) == fits)
    }

    @Test func `a variable must be given, and not as null`() throws {
        #expect(try coerced("Int!", .null) == nil && coerced("Int", .null) == .null)
        let document = try Parser.parseDocument(Source("query ($x: Int!) { a }"))
        #expect(throws: VariableCoercionError.self) {
            try schema(sdl).coerceVariableValues(of: document.operations[0], values: [])
        }
    }
}

@Suite("GraphQL §3.12.1 Combining List and Non-Null")
struct ListNonNullTests {
    // The table of the section.
    @Test(arguments: [
        ("[Int]", "[1, 2, null]", true), ("[Int]", "null", true), ("[Int]!", "null", false),
        ("[Int]!", "[1, 2, null]", true),
        ("[Int!]", "[1, 2, null]", false), ("[Int!]", "null", true), ("[Int!]!", "null", false),
        ("[Int!]!", "[1, null]", false),
        ("[Int!]!", "[1, 2]", true), ("[Int!]", "[]", true),
    ])
    func `each level excludes null for itself`(type: String, literal: String, fits: Bool) throws {
        #expect(try takes(type, literal: literal) == fits)
        let value: InputValue =
            literal == "null" ? .null : .list(literal.contains("null") ? [.number("1"), .null] : [])
        #expect((try coerced(type, value) != nil) == fits)
    }
}

@Suite("GraphQL §3.13.1 @skip")
struct SkipTests {
    @Test(arguments: ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"])
    func `it stands on selections, with a condition`(location: String) throws {
        let skip = try #require(try schema(sdl).directives["skip"])
        #expect(skip.locations.map(\.rawValue).contains(location) && skip.locations.count == 3)
        #expect(skip.arguments["if"]?.type.description == "Boolean!" && !skip.isRepeatable)
    }
}

@Suite("GraphQL §3.13.2 @include")
struct IncludeTests {
    @Test(arguments: ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"])
    func `it stands on selections, with a condition`(location: String) throws {
        let include = try #require(try schema(sdl).directives["include"])
        #expect(include.locations.map(\.rawValue).contains(location) && include.locations.count == 3)
        #expect(include.arguments["if"]?.type.description == "Boolean!" && !include.isRepeatable)
    }
}
