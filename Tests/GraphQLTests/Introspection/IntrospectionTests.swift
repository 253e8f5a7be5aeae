import GraphQL
import Testing

@Suite("GraphQL §4 Introspection")
struct IntrospectionTests {
    static let definitions = """
        "All of it."
        schema { query: Query mutation: Change }
        "Where queries start."
        type Query implements Node {
          id: ID!
          users(first: Int! = 10, filter: Filter = {name: "a\\"b", tags: [RED]}, old: Int @deprecated): [User!]!
            @rest(route: "users")
          gone: String @deprecated(reason: "Ask \\"users\\".")
        }
        type Change { go: Boolean }
        interface Node { id: ID! }
        type User implements Node { id: ID! secret: URL }
        union Any = Query | User
        enum Color { RED OLD @deprecated }
        input Filter { name: String = "x" tags: [Color!] was: Int @deprecated(reason: "no") }
        input One @oneOf { a: Int b: Int }
        scalar URL @specifiedBy(url: "https://url.spec/")
        directive @tag("The name." name: String! = "t", old: Int @deprecated) repeatable on FIELD | QUERY
        """

    /// The JSON of the only root field of a query.
    static func answer(
        _ query: String, variables: CoercedVariables = [:], maximumBytes: Int = 1 << 20
    ) throws -> String? {
        let introspection = SchemaIntrospection(of: try schema(definitions), maximumBytes: maximumBytes)
        let document = try Parser.parseDocument(Source(query))
        let fields = document.operations.flatMap(\.selectionSet.selections).compactMap { selection in
            if case .field(let field) = selection { field } else { nil }
        }
        return introspection.answer(fields, in: document, variables: variables).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(
        arguments: [
            (
                "{ __schema { description queryType { name } m: mutationType { name } subscriptionType { name } } }",
                #"{"description":"All of it.","queryType":{"name":"Query"},"m":{"name":"Change"},"subscriptionType":null}"#
            ),
            (
                "{ __schema { __typename queryType { __typename } } }",
                #"{"__typename":"__Schema","queryType":{"__typename":"__Type"}}"#
            ),
            (#"{ __type(name: "Nope") { name } }"#, "null"),
            (#"{ __type(name: "RouteArguments") { name } }"#, "null"),
            (
                #"{ __type(name: "Query") { kind name description specifiedByURL isOneOf interfaces { name } possibleTypes { name } enumValues { name } inputFields { name } ofType { name } } }"#,
                #"{"kind":"OBJECT","name":"Query","description":"Where queries start.","specifiedByURL":null,"isOneOf":null,"interfaces":[{"name":"Node"}],"possibleTypes":null,"enumValues":null,"inputFields":null,"ofType":null}"#
            ),
            (
                #"{ __type(name: "Query") { fields { name isDeprecated } all: fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }"#,
                #"{"fields":[{"name":"id","isDeprecated":false},{"name":"users","isDeprecated":false}],"all":[{"name":"id","isDeprecated":false,"deprecationReason":null},{"name":"users","isDeprecated":false,"deprecationReason":null},{"name":"gone","isDeprecated":true,"deprecationReason":"Ask \"users\"."}]}"#
            ),
            (
                #"{ __type(name: "Query") { fields { args { name defaultValue type { kind name ofType { name } } } type { kind ofType { kind ofType { kind ofType { name ofType { name } } } } } } } }"#,
                #"{"fields":[{"args":[],"type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","ofType":null}}},{"args":[{"name":"first","defaultValue":"10","type":{"kind":"NON_NULL","name":null,"ofType":{"name":"Int"}}},{"name":"filter","defaultValue":"{name: \"a\\\"b\", tags: [RED]}","type":{"kind":"INPUT_OBJECT","name":"Filter","ofType":null}}],"type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"name":"User","ofType":null}}}}}]}"#
            ),
            (
                #"{ __type(name: "Query") { fields { args(includeDeprecated: true) { name deprecationReason } } } }"#,
                #"{"fields":[{"args":[]},{"args":[{"name":"first","deprecationReason":null},{"name":"filter","deprecationReason":null},{"name":"old","deprecationReason":"No longer supported"}]}]}"#
            ),
            (
                #"{ __type(name: "Node") { kind fields { name } interfaces { name } possibleTypes { name } } }"#,
                #"{"kind":"INTERFACE","fields":[{"name":"id"}],"interfaces":[],"possibleTypes":[{"name":"Query"},{"name":"User"}]}"#
            ),
            (
                #"{ __type(name: "Any") { kind fields { name } possibleTypes { name } } }"#,
                #"{"kind":"UNION","fields":null,"possibleTypes":[{"name":"Query"},{"name":"User"}]}"#
            ),
            (
                #"{ __type(name: "Color") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name isDeprecated } } }"#,
                #"{"kind":"ENUM","enumValues":[{"name":"RED"}],"all":[{"name":"RED","isDeprecated":false},{"name":"OLD","isDeprecated":true}]}"#
            ),
            (
                #"{ __type(name: "Filter") { kind isOneOf inputFields { name defaultValue } all: inputFields(includeDeprecated: true) { name isDeprecated } } }"#,
                #"{"kind":"INPUT_OBJECT","isOneOf":false,"inputFields":[{"name":"name","defaultValue":"\"x\""},{"name":"tags","defaultValue":null}],"all":[{"name":"name","isDeprecated":false},{"name":"tags","isDeprecated":false},{"name":"was","isDeprecated":true}]}"#
            ),
            (#"{ __type(name: "One") { isOneOf } }"#, #"{"isOneOf":true}"#),
            (
                #"{ __type(name: "URL") { kind specifiedByURL } }"#,
                #"{"kind":"SCALAR","specifiedByURL":"https://url.spec/"}"#
            ),
            (
                "{ __schema { directives { name isRepeatable } } }",
                #"{"directives":[{"name":"tag","isRepeatable":true},{"name":"include","isRepeatable":false},{"name":"skip","isRepeatable":false},{"name":"deprecated","isRepeatable":false},{"name":"specifiedBy","isRepeatable":false},{"name":"oneOf","isRepeatable":false}]}"#
            ),
        ])
    func `a selection of the schema is answered`(query: String, expected: String) throws {
        #expect(try Self.answer(query) == expected)
    }

    @Test func `a directive tells its locations and arguments`() throws {
        let query = "{ __schema { directives { locations args { name description defaultValue } } } }"
        let answer = try #require(try Self.answer(query))
        #expect(
            answer.hasPrefix(
                #"{"directives":[{"locations":["FIELD","QUERY"],"args":[{"name":"name","description":"The name.","#
                    + #""defaultValue":"\"t\""}]}"#))
    }

    @Test func `types are those of the documents and the specification, not the hidden`() throws {
        let answer = try #require(try Self.answer("{ __schema { types { name } } }"))
        #expect(
            answer.hasPrefix(
                #"{"types":[{"name":"Query"},{"name":"Change"},{"name":"Node"},{"name":"User"},{"name":"Any"},"#))
        #expect(answer.contains(#"{"name":"__Type"}"#) && !answer.contains("RouteArguments"))
    }

    @Test func `occurrences, fragments and conditions are merged`() throws {
        let query = """
            query ($yes: Boolean!) {
              __type(name: "User") { ...F kind @skip(if: $yes) }
              __type(name: "User") { fields { type @include(if: $yes) { kind } } }
            }
            fragment F on __Type { name fields { name } }
            """
        #expect(
            try Self.answer(query, variables: ["yes": .boolean(true)])
                == #"{"name":"User","fields":[{"name":"id","type":{"kind":"NON_NULL"}},"#
                + #"{"name":"secret","type":{"kind":"SCALAR"}}]}"#)
    }

    @Test func `arguments can be variables`() throws {
        let query =
            "query ($n: String!, $d: Boolean!) { __type(name: $n) { enumValues(includeDeprecated: $d) { name } } }"
        #expect(
            try Self.answer(query, variables: ["n": .string("Color"), "d": .boolean(true)])
                == #"{"enumValues":[{"name":"RED"},{"name":"OLD"}]}"#)
    }

    @Test func `an answer larger than allowed is not given`() throws {
        let query = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
        #expect(try Self.answer(query, maximumBytes: 1000) == nil)
    }

    @Test func `fragments that repeat each other are compiled once`() throws {
        let fragments = (0..<60).map {
            "fragment F\($0) on __Type { a: ofType { ...F\($0 + 1) } b: ofType { ...F\($0 + 1) } }"
        }
        let query =
            #"{ __type(name: "User") { ...F0 } } fragment F60 on __Type { name } "# + fragments.joined(separator: " ")
        #expect(try Self.answer(query) == #"{"a":null,"b":null}"#)
    }
}
