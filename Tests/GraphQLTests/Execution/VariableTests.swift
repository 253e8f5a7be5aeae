import GraphQL
import Testing

@Suite("GraphQL §6.1.2 Coercing Variable Values")
struct VariableTests {
    static let schema: Schema = {
        let text = """
            type Query { a(x: Filter, y: Choice): Int }
            enum Color { RED GREEN }
            scalar Any
            input Filter {
              id: ID!, limit: Int = 10, names: [String!], grid: [[Int]], color: Color, inner: Filter, ratio: Float
            }
            input Choice @oneOf { a: Int, b: String }
            """
        // swift-format-ignore: NeverUseForceTry
        return try! Schema.build(documents: [Parser.parseSchemaDocument(Source(text))])
    }()

    /// Coerces values for `variables`, as written between the parentheses of an operation.
    static func coerce(_ variables: String, _ values: [InputMember]) throws -> Result<CoercedVariables, VariableErrors>
    {
        let document = try Parser.parseDocument(Source("query (\(variables)) { a }"))
        let operation = try #require(document.operations.first)
        do throws(VariableCoercionError) {
            return .success(try schema.coerceVariableValues(of: operation, values: values))
        } catch {
            return .failure(VariableErrors(messages: error.problems.map(\.message)))
        }
    }

    struct VariableErrors: Error { let messages: [String] }

    static func object(_ members: KeyValuePairs<String, InputValue>) -> InputValue {
        .object(members.map { InputMember(name: $0.key, value: $0.value) })
    }

    @Test(
        arguments: [
            ("Int", .number("7"), .int(7)), ("Int", .number("-2147483648"), .int(-2_147_483_648)),
            ("Int", .number("1.0"), .int(1)), ("Int", .number("2e3"), .int(2000)), ("Int", .null, .null),
            ("Float", .number("1"), .float(1)), ("Float", .number("-1.5e2"), .float(-150)),
            ("String", .string("a"), .string("a")), ("Boolean", .boolean(true), .boolean(true)),
            ("ID", .string("x"), .string("x")), ("ID", .number("12"), .string("12")),
            ("ID", .number("123456789012345678901234567890"), .string("123456789012345678901234567890")),
            ("ID", .number("1.0"), .string("1")), ("Color", .string("RED"), .enum("RED")),
            ("Any", .number("1.50"), .number("1.50")), ("Any", .list([.null]), .list([.null])),
            ("[Int]", .number("1"), .list([.int(1)])),
            ("[Int]", .list([.number("1"), .null]), .list([.int(1), .null])),
            ("[[Int]]", .number("1"), .list([.list([.int(1)])])),
            ("[[Int]]", .list([.number("1")]), .list([.list([.int(1)])])), ("[Int]", .null, .null),
            ("Choice", object(["b": .string("x")]), object(["b": .string("x")])),
            (
                "Filter", object(["names": .string("n"), "id": .number("1")]),
                object(["id": .string("1"), "limit": .int(10), "names": .list([.string("n")])])
            ),
        ] as [(String, InputValue, InputValue)])
    func `a value is coerced to its type`(type: String, given: InputValue, expected: InputValue) throws {
        let coerced = try Self.coerce("$x: \(type)", [InputMember(name: "x", value: given)]).get()
        #expect(coerced == ["x": expected])
    }

    @Test(
        arguments: [
            (
                "Int", .number("2147483648"),
                "2147483648; Int cannot represent non 32-bit signed integer value: 2147483648"
            ),
            ("Int", .number("1.5"), "1.5; Int cannot represent non-integer value: 1.5"),
            ("Int", .string("1"), "\"1\"; Int cannot represent non-integer value: \"1\""),
            ("Float", .number("1e999"), "1e999; Float cannot represent non numeric value: 1e999"),
            ("String", .number("1"), "1; String cannot represent a non string value: 1"),
            ("Boolean", .number("1"), "1; Boolean cannot represent a non boolean value: 1"),
            ("ID", .number("1.5"), "1.5; ID cannot represent value: 1.5"),
            ("ID", .boolean(true), "true; ID cannot represent value: true"),
            (
                "Color", .string("REDD"),
                "\"REDD\"; Value \"REDD\" does not exist in \"Color\" enum. Did you mean the enum value \"RED\"?"
            ),
            ("Color", .number("1"), "1; Enum \"Color\" cannot represent non-string value: 1."),
            (
                "[Int!]", .list([.number("1"), .null]),
                "null at \"x[1]\"; Expected non-nullable type \"Int!\" not to be null."
            ),
            (
                "Filter", object(["id": .string("1"), "grid": .list([.list([.number("1"), .boolean(false)])])]),
                "false at \"x.grid[0][1]\"; Int cannot represent non-integer value: false"
            ),
            ("Filter", .number("1"), "1; Expected type \"Filter\" to be an object."),
            ("Filter", object([:]), "{  }; Field \"id\" of required type \"ID!\" was not provided."),
            (
                "Filter", object(["id": .string("1"), "limitt": .null]),
                "{ id: \"1\", limitt: null }; Field \"limitt\" is not defined by type \"Filter\". "
                    + "Did you mean \"limit\"?"
            ),
            ("Choice", object([:]), "{  }; Exactly one key must be specified for OneOf type \"Choice\"."),
            (
                "Choice", object(["a": .number("1"), "b": .null]),
                "{ a: 1, b: null }; Exactly one key must be specified for OneOf type \"Choice\"."
            ),
            ("Choice", object(["a": .null]), "null at \"x.a\"; Field \"a\" must be non-null."),
        ] as [(String, InputValue, String)])
    func `a value that does not fit is refused`(type: String, given: InputValue, expected: String) throws {
        let error = #expect(throws: VariableErrors.self) {
            try Self.coerce("$x: \(type)", [InputMember(name: "x", value: given)]).get()
        }
        #expect(error?.messages == ["Variable \"$x\" got invalid value " + expected])
    }

    @Test func `a default stands for a missing value, not for null`() throws {
        let variables = "$a: Int = 1, $b: Int = 2, $c: Int, $d: Filter = {id: 3}"
        let coerced = try Self.coerce(variables, [InputMember(name: "b", value: .null)]).get()
        #expect(
            coerced == ["a": .int(1), "b": .null, "d": Self.object(["id": .string("3"), "limit": .int(10)])])
    }

    @Test func `all problems are told at once`() throws {
        let values = [InputMember(name: "b", value: .null), InputMember(name: "c", value: .string("x"))]
        let error = #expect(throws: VariableErrors.self) {
            try Self.coerce("$a: ID!, $b: Int!, $c: Int", values).get()
        }
        #expect(
            error?.messages == [
                "Variable \"$a\" of required type \"ID!\" was not provided.",
                "Variable \"$b\" of non-null type \"Int!\" must not be null.",
                "Variable \"$c\" got invalid value \"x\"; Int cannot represent non-integer value: \"x\"",
            ])
    }

    @Test func `a huge value is neither echoed nor answered with endless problems`() throws {
        let long = InputValue.string(String(repeating: "é", count: 1_000_000))
        let values = [InputMember(name: "x", value: .list(Array(repeating: long, count: 1000)))]
        let error = #expect(throws: VariableErrors.self) { try Self.coerce("$x: [Int]", values).get() }
        #expect(error?.messages.count == VariableCoercionError.maximumProblems)
        #expect(error?.messages.allSatisfy { $0.utf8.count < 400 } == true)
    }
}
