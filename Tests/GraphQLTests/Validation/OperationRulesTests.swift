import GraphQL
import Testing

@Suite("GraphQL §5.1.1 Executable Definitions")
struct ExecutableDefinitionsTests {
    @Test(
        arguments: [
            (
                "query Q { dog { name } } fragment F on Dog { name } { dog { ...F } }",
                [
                    "1:53 This anonymous operation must be the only defined operation."
                ]
            ),
            ("{ dog { name } } type Color { a: Int }", ["1:18 The \"Color\" definition is not executable."]),
            ("{ dog { name } } extend type Dog { a: Int }", ["1:18 The \"Dog\" definition is not executable."]),
            ("{ dog { name } } schema { query: Query }", ["1:18 The schema definition is not executable."]),
        ])
    func `only operations and fragments are executable`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.2.1.1 Operation Type Existence")
struct OperationTypeExistenceTests {
    @Test func `the schema has the operation's root type`() throws {
        let small = try schema("type Query { a: Int }")
        #expect(try validationErrors("query { a }", schema: small) == [])
        #expect(
            try validationErrors("mutation { a { b } }", schema: small)
                == ["1:1 The mutation operation is not supported by the schema."])
        #expect(
            try validationErrors("subscription { a }", schema: small)
                == ["1:1 The subscription operation is not supported by the schema."])
    }
}

@Suite("GraphQL §5.2.2.1 Operation Name Uniqueness")
struct OperationNameUniquenessTests {
    @Test(
        arguments: [
            ("query A { dog { name } } query B { dog { name } }", []),
            (
                "query A { dog { name } } mutation A { addPet(pet: {name: \"\"}) { name } }",
                ["1:7,1:35 There can be only one operation named \"A\"."]
            ),
        ] as [(String, [String])])
    func `operation names are unique`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.2.3.1 Lone Anonymous Operation")
struct LoneAnonymousOperationTests {
    @Test(
        arguments: [
            ("{ dog { name } }", []),
            (
                "{ dog { name } } query B { dog { name } }",
                ["1:1 This anonymous operation must be the only defined operation."]
            ),
        ] as [(String, [String])])
    func `an anonymous operation is alone`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.2.4.1 Single Root Field")
struct SingleRootFieldTests {
    @Test(
        arguments: [
            ("subscription S { newMessage { body } }", []),
            ("subscription S { ...F } fragment F on Subscription { newMessage { body sender } }", []),
            ("subscription S { newMessage { body } newMessage { sender } }", []),
            (
                "subscription S { newMessage { body } disallowedSecondRootField }",
                ["1:38 Subscription \"S\" must select only one top level field."]
            ),
            (
                "subscription { ...F } fragment F on Subscription { newMessage { body } disallowedSecondRootField }",
                ["1:72 Anonymous Subscription must select only one top level field."]
            ),
            (
                "subscription S { __typename }",
                ["1:18 Subscription \"S\" must not select an introspection top level field."]
            ),
            (
                "subscription S($b: Boolean!) { newMessage @skip(if: $b) { body } }",
                ["1:43 Subscription \"S\" must not use `@skip` or `@include` directives in the top level selection."]
            ),
        ] as [(String, [String])])
    func `a subscription selects one field`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}
