import GraphQL
import Testing

@Suite("GraphQL §3.5 to §3.12 and §5.6.1: literals")
struct LiteralTests {
    private static let sdl = """
        type Query { a: Int } scalar Any enum Color { RED GREEN }
        input Point { x: Int!, y: Int! = 0, name: String } input One @oneOf { a: Int, b: String }
        """

    @Test(arguments: [
        ("1", "Int"), ("-2147483648", "Int"), ("1", "Float"), ("1.5", "Float"), ("\"a\"", "String"),
        ("true", "Boolean"),
        ("\"a\"", "ID"), ("123456789012345", "ID"), ("RED", "Color"), ("null", "Int"), ("[1, null]", "[Int]"),
        ("1", "[Int]"), ("1", "[[Int!]!]!"), ("{x: 1}", "Point!"), ("{x: 1, name: null}", "Point"), ("{a: 1}", "One"),
        ("{any: [1, {b: RED}]}", "Any"), ("$v", "Int!"), ("[$v]", "[Int!]"), ("{x: $v}", "Point"), ("{a: $v}", "One"),
    ])
    func `a literal that fits`(value: String, type: String) throws {
        #expect(try problems(value, type).isEmpty)
    }

    @Test(arguments: [
        ("2147483648", "Int", "1 Int cannot represent non 32-bit signed integer value: 2147483648"),
        ("1.0", "Int", "1 Int cannot represent non-integer value: 1.0"),
        ("\"1\"", "Int", "1 Int cannot represent non-integer value: \"1\""),
        ("1e999", "Float", "1 Float cannot represent non numeric value: 1e999"),
        ("\"1\"", "Float", "1 Float cannot represent non numeric value: \"1\""),
        ("RED", "String", "1 String cannot represent a non string value: RED"),
        ("1", "Boolean", "1 Boolean cannot represent a non boolean value: 1"),
        ("1.5", "ID", "1 ID cannot represent a non-string and non-integer value: 1.5"),
        ("\"RED\"", "Color", "1 Enum \"Color\" cannot represent non-enum value: \"RED\". RED"),
        ("REDD", "Color", "1 Value \"REDD\" does not exist in \"Color\" enum. RED"),
        ("null", "Int!", "1 Expected value of type \"Int!\", found null."),
        ("[1, null]", "[Int!]", "5 Expected value of type \"Int!\", found null."),
        ("[[1]]", "[Int]", "2 Int cannot represent non-integer value: [1]"),
        ("1", "Point", "1 Expected value of type \"Point\", found 1."),
        ("{y: 1}", "Point", "1 Field \"Point.x\" of required type \"Int!\" was not provided."),
        ("{x: 1, nane: \"a\"}", "Point", "8 Field \"nane\" is not defined by type \"Point\". name"),
        ("{x: 1, y: null}", "Point", "11 Expected value of type \"Int!\", found null."),
        ("{}", "One", "1 OneOf Input Object \"One\" must specify exactly one key."),
        ("{a: 1, b: \"c\"}", "One", "1 OneOf Input Object \"One\" must specify exactly one key."),
        ("{a: null}", "One", "5 Field \"One.a\" must be non-null."),
    ])
    func `a literal that doesn't fit is blamed where it stands`(value: String, type: String, expected: String) throws {
        #expect(try problems(value, type) == [expected])
    }

    @Test func `default values of the schema are checked`() throws {
        #expect(
            try schemaProblems("type Query { a(b: Int = \"x\", c: [Int] = [1, RED]): Int }") == [
                "1:25: Int cannot represent non-integer value: \"x\"",
                "1:45: Int cannot represent non-integer value: RED",
            ])
    }

    /// `column message suggestion`.
    private func problems(_ value: String, _ type: String) throws -> [String] {
        let schema = try schema(Self.sdl)
        return schema.problems(
            of: try Parser.parseValue(Source(value)), expecting: try Parser.parseType(Source(type))
        ).map { "\($0.offset + 1) \($0.message)\($0.suggestion.map { " \($0)" } ?? "")" }
    }
}
