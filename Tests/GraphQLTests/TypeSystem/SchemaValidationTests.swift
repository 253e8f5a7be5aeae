import GraphQL
import Testing

@Suite("GraphQL §3: type validation")
struct SchemaValidationTests {
    private let query = "type Query { a: Int }\n"

    @Test(arguments: [
        ("", ["1:1: Query root type must be provided."]),
        ("schema { mutation: M } type M { a: Int }", ["1:1: Query root type must be provided."]),
        ("schema { query: Qery } type Query { a: Int }", ["1:17: Unknown type \"Qery\". (did you mean \"Query\"?)"]),
        ("schema { query: I } input I { a: Int }", ["1:17: Query root type must be Object type, it cannot be I."]),
        (
            "schema { query: Q, query: R } type Q { a: Int } type R { a: Int }",
            ["1:27: There can be only one query type in schema."]
        ),
        (
            "schema { query: Q, mutation: Q } type Q { a: Int }",
            ["1:30: All root types must be different, \"Q\" is used as query and mutation root type."]
        ),
        (
            "schema { query: Q } schema { query: Q } type Q { a: Int }",
            ["1:21: Must provide only one schema definition."]
        ),
    ])
    func `§3.3 root operation types`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(sdl) == expected)
    }

    @Test(arguments: [
        ("type T { a: Int } type T { b: Int }", ["2:24: There can be only one type named \"T\"."]),
        ("type String { a: Int }", ["2:6: There can be only one type named \"String\"."]),
        ("directive @a on FIELD directive @a on FIELD", ["2:34: There can be only one directive named \"@a\"."]),
        ("type T { a: Int, a: Int }", ["2:18: Field \"T.a\" can only be defined once."]),
        ("extend type Query { a: Int }", ["2:21: Field \"Query.a\" can only be defined once."]),
        ("type T { a(b: Int, b: Int): Int }", ["2:20: Argument \"T.a(b:)\" can only be defined once."]),
        ("enum E { A A }", ["2:12: Enum value \"E.A\" can only be defined once."]),
        ("input I { a: Int, a: Int }", ["2:19: Field \"I.a\" can only be defined once."]),
        ("directive @d(a: Int, a: Int) on FIELD", ["2:22: Argument \"@d(a:)\" can only be defined once."]),
        (
            "extend type Qery { b: Int }",
            ["2:13: Cannot extend type \"Qery\" because it is not defined. (did you mean \"Query\"?)"]
        ),
        ("extend input Query { b: Int }", ["2:14: Cannot extend non-input object type \"Query\"."]),
    ])
    func `names are unique, and extensions extend something`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test(arguments: [
        ("type __T { a: Int }", "2:6", "__T"), ("type T { __a: Int }", "2:10", "__a"),
        ("type T { a(__b: Int): Int }", "2:12", "__b"), ("enum E { __A }", "2:10", "__A"),
        ("input I { __a: Int }", "2:11", "__a"), ("directive @__d on FIELD", "2:12", "__d"),
        ("directive @d(__a: Int) on FIELD", "2:14", "__a"), ("scalar __S", "2:8", "__S"),
    ])
    func `§2.1.8 names that begin with two underscores are reserved`(sdl: String, place: String, name: String) throws {
        #expect(
            try schemaProblems(query + sdl) == [
                "\(place): Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection."
            ])
    }

    @Test(arguments: [
        ("type T", ["2:6: Type T must define one or more fields."]),
        ("interface T", ["2:11: Type T must define one or more fields."]),
        ("type T { a: Usr } type User { a: Int }", ["2:13: Unknown type \"Usr\". (did you mean \"User\"?)"]),
        (
            "type T { a: RouteArguments }",
            ["2:13: Type \"RouteArguments\" is built in for directives, the API cannot use it."]
        ),
        ("type T { a: [Nowhere!]! }", ["2:14: Unknown type \"Nowhere\"."]),
        ("type T { a: I } input I { a: Int }", ["2:13: The type of T.a must be Output Type but got: I."]),
        ("type T { a(b: [Query]): Int }", ["2:16: The type of T.a(b:) must be Input Type but got: [Query]."]),
        ("type T { a(b: Strng): Int }", ["2:15: Unknown type \"Strng\". (did you mean \"String\"?)"]),
        (
            "type T { a(b: Int! @deprecated): Int }",
            ["2:20: Required argument T.a(b:) cannot be deprecated."]
        ),
        ("type T { a(b: Int! = 1 @deprecated, c: Int @deprecated): Int }", []),
    ])
    func `§3.6 objects and interfaces`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test(arguments: [
        (
            "type T implements Query { a: Int }",
            ["2:19: Type T must only implement Interface types, it cannot implement Query."]
        ),
        (
            "type T implements Nod { a: Int } interface Node { a: Int }",
            ["2:19: Unknown type \"Nod\". (did you mean \"Node\"?)"]
        ),
        (
            "interface I implements I { a: Int }",
            ["2:24: Type I cannot implement itself because it would create a circular reference."]
        ),
        ("type T implements I & I { a: Int } interface I { a: Int }", ["2:23: Type T can only implement I once."]),
        (
            "type T implements J { a: Int } interface I { a: Int } interface J implements I { a: Int }",
            ["2:19: Type T must implement I because it is implemented by J."]
        ),
        (
            "interface I implements J { a: Int } interface J implements I { a: Int }",
            [
                "2:24: Type I cannot implement J because it would create a circular reference.",
                "2:60: Type J cannot implement I because it would create a circular reference.",
            ]
        ),
        (
            "type T implements I { b: Int } interface I { a: Int }",
            ["2:6: Interface field I.a expected but T does not provide it."]
        ),
        (
            "type T implements I { a: String } interface I { a: Int }",
            ["2:26: Interface field I.a expects type Int but T.a is type String."]
        ),
        (
            "type T implements I { a: Int } interface I { a: Int! }",
            ["2:26: Interface field I.a expects type Int! but T.a is type Int."]
        ),
        ("type T implements I { a: [T!]! } interface I { a: [I] }", []),
        (
            "type T implements I { a: Int } interface I { a(b: Int): Int }",
            ["2:23: Interface field argument I.a(b:) expected but T.a does not provide it."]
        ),
        (
            "type T implements I { a(b: Int!): Int } interface I { a(b: Int): Int }",
            ["2:28: Interface field argument I.a(b:) expects type Int but T.a(b:) is type Int!."]
        ),
        (
            "type T implements I { a(b: Int!): Int } interface I { a: Int }",
            [
                "2:25: Argument \"T.a(b:)\" must not be required type \"Int!\" if not provided by the Interface field \"I.a\"."
            ]
        ),
        ("type T implements I { a(b: Int, c: Int! = 1): Int } interface I { a: Int }", []),
        (
            "type T implements I { a: Int @deprecated } interface I { a: Int }",
            ["2:30: Interface field I.a is not deprecated, so implementation field T.a must not be deprecated."]
        ),
        ("type T implements I { a: Int } interface I { a: Int @deprecated }", []),
    ])
    func `§3.7 implementing an interface`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test(arguments: [
        ("union U", ["2:7: Union type U must define one or more member types."]),
        ("union U = Query | Query", ["2:19: Union type U can only include type Query once."]),
        (
            "union U = I interface I { a: Int }",
            ["2:11: Union type U can only include Object types, it cannot include I."]
        ),
        ("union U = Qury", ["2:11: Unknown type \"Qury\". (did you mean \"Query\"?)"]),
        ("enum E", ["2:6: Enum type E must define one or more values."]),
    ])
    func `§3.8 unions and §3.9 enums`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test(arguments: [
        ("input I", ["2:7: Input Object type I must define one or more fields."]),
        ("input I { a: Query }", ["2:14: The type of I.a must be Input Type but got: Query."]),
        ("input I { a: Int! @deprecated }", ["2:19: Required input field I.a cannot be deprecated."]),
        ("input I @oneOf { a: Int! }", ["2:21: OneOf input field I.a must be nullable."]),
        ("input I @oneOf { a: Int = 1 }", ["2:18: OneOf input field I.a cannot have a default value."]),
        (
            "input I { a: I! }",
            ["2:11: Cannot reference Input Object \"I\" within itself through a series of non-null fields: \"a\"."]
        ),
        (
            "input I { j: J! } input J { x: I, k: K! } input K { i: I! }",
            ["2:11: Cannot reference Input Object \"I\" within itself through a series of non-null fields: \"j.k.i\"."]
        ),
        ("input I { a: I, b: [I!]!, j: J! } input J { i: I }", []),
        (
            "input I { a: I = {} }",
            [
                "2:11: Invalid circular reference. The default value of Input Object field I.a references itself through the default values of \"I.a\"."
            ]
        ),
        (
            "input I { j: J = {} } input J { i: [I] = [{}] }",
            [
                "2:11: Invalid circular reference. The default value of Input Object field I.j references itself through the default values of \"J.i\", \"I.j\"."
            ]
        ),
        ("input I { a: I = {a: null}, b: J = {} } input J { c: Int = 1 }", []),
    ])
    func `§3.10 input objects`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test(arguments: [
        ("type T { a: Int @unknown }", ["2:17: Unknown directive \"@unknown\"."]),
        ("type T { a: Int @fron(path: \"a\") }", ["2:17: Unknown directive \"@fron\". (did you mean \"@from\"?)"]),
        ("type T @rest(route: \"r\") { a: Int }", ["2:8: Directive \"@rest\" may not be used on OBJECT."]),
        (
            "type T { a: Int @rest }",
            ["2:17: Directive \"@rest\" argument \"route\" of type \"String!\" is required, but it was not provided."]
        ),
        ("type T { a: Int @rest(route: 1) }", ["2:30: String cannot represent a non string value: 1"]),
        ("type T { a: Int @rest(route: null) }", ["2:30: Expected value of type \"String!\", found null."]),
        (
            "type T { a: Int @rest(rute: \"r\", route: \"r\") }",
            ["2:23: Unknown argument \"rute\" on directive \"@rest\". (did you mean \"route\"?)"]
        ),
        (
            "type T { a: Int @rest(route: \"r\", route: \"r\") }",
            ["2:35: There can be only one argument named \"route\"."]
        ),
        (
            "type T { a: Int @rest(route: \"r\", with: {a: [1], a: 2}) }",
            ["2:50: There can be only one input field named \"a\"."]
        ),
        (
            "type T { a: Int @deprecated @deprecated }",
            ["2:29: The directive \"@deprecated\" can only be used once at this location."]
        ),
        ("extend schema @oneOf", ["2:15: Directive \"@oneOf\" may not be used on SCHEMA."]),
        (
            "enum E @deprecated { A @oneOf }",
            [
                "2:8: Directive \"@deprecated\" may not be used on ENUM.",
                "2:24: Directive \"@oneOf\" may not be used on ENUM_VALUE.",
            ]
        ),
        ("directive @d(a: Int @d) on ARGUMENT_DEFINITION", ["2:12: Directive \"@d\" cannot reference itself."]),
        (
            "directive @d(a: I) on INPUT_FIELD_DEFINITION input I { a: Int @d }",
            ["2:12: Directive \"@d\" cannot reference itself."]
        ),
        ("directive @d(a: Query) on FIELD", ["2:17: The type of @d(a:) must be Input Type but got: Query."]),
        ("directive @d(a: Int! @deprecated) on FIELD", ["2:22: Required argument @d(a:) cannot be deprecated."]),
    ])
    func `§3.13 directives`(sdl: String, expected: [String]) throws {
        #expect(try schemaProblems(query + sdl) == expected)
    }

    @Test func `a long chain of types neither overflows the stack nor takes long`() throws {
        let count = 3000
        let inputs = (0..<count).map { "input I\($0) { a: I\(($0 + 1) % count)! }" }.joined(separator: " ")
        #expect(try schemaProblems(query + inputs).count == 1)
    }

    @Test func `all problems of all files come at once, in order`() throws {
        #expect(
            try schemaProblems("type Query { a: Foo }\nenum E", "type A { a: Bar }", "type A { b: Int }") == [
                "1.graphql:1:17: Unknown type \"Foo\".", "1.graphql:2:6: Enum type E must define one or more values.",
                "2.graphql:1:13: Unknown type \"Bar\".", "3.graphql:1:6: There can be only one type named \"A\".",
            ])
    }
}
