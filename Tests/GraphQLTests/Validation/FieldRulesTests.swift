import GraphQL
import Testing

@Suite("GraphQL §5.3.1 Field Selections")
struct FieldSelectionsTests {
    @Test(
        arguments: [
            ("{ dog { name __typename } __typename __schema { description } }", []),
            ("{ pet { __typename } catOrDog { __typename ... on Pet { name } } }", []),
            (
                "{ dog { meowVolume } }",
                ["1:9 Cannot query field \"meowVolume\" on type \"Dog\". Did you mean \"barkVolume\"?"]
            ),
            ("{ dog { x } }", ["1:9 Cannot query field \"x\" on type \"Dog\"."]),
            ("{ dog { a: nam } }", ["1:9 Cannot query field \"nam\" on type \"Dog\". Did you mean \"name\"?"]),
            ("{ dog { __schema { description } } }", ["1:9 Cannot query field \"__schema\" on type \"Dog\"."]),
            (
                "{ pet { nickname } }",
                [
                    "1:9 Cannot query field \"nickname\" on type \"Pet\". "
                        + "Did you mean to use an inline fragment on \"Dog\" or \"Cat\"?"
                ]
            ),
            (
                "{ catOrDog { name } }",
                [
                    "1:14 Cannot query field \"name\" on type \"CatOrDog\". "
                        + "Did you mean to use an inline fragment on \"Pet\", \"Cat\", or \"Dog\"?"
                ]
            ),
            (
                "{ nope { anything(x: $y) { at all } } }",
                [
                    "1:3 Cannot query field \"nope\" on type \"Query\".",
                    "1:22,1:1 Variable \"$y\" is not defined.",
                ]
            ),
        ] as [(String, [String])])
    func `a type has the fields selected on it`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.3.3 Leaf Field Selections")
struct LeafFieldSelectionsTests {
    @Test(
        arguments: [
            ("{ dog { barkVolume } }", []),
            (
                "{ dog { barkVolume { sinceWhen } } }",
                ["1:20 Field \"barkVolume\" must not have a selection since type \"Int\" has no subfields."]
            ),
            (
                "{ human }",
                [
                    "1:3 Field \"human\" of type \"Human\" must have a selection of subfields. "
                        + "Did you mean \"human { ... }\"?"
                ]
            ),
            (
                "{ human { pets } }",
                [
                    "1:11 Field \"pets\" of type \"[Pet!]\" must have a selection of subfields. "
                        + "Did you mean \"pets { ... }\"?"
                ]
            ),
        ] as [(String, [String])])
    func `objects have a selection set and leaves none`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.4.1 Argument Names")
struct ArgumentNamesTests {
    @Test(
        arguments: [
            ("{ dog { isHouseTrained(atOtherHomes: true) @include(if: true) } }", []),
            (
                "{ dog { isHouseTrained(atOtherHome: true) } }",
                [
                    "1:24 Unknown argument \"atOtherHome\" on field \"Dog.isHouseTrained\". Did you mean \"atOtherHomes\"?"
                ]
            ),
            (
                "{ dog { name @skip(unless: true, if: false) } }",
                ["1:20 Unknown argument \"unless\" on directive \"@skip\"."]
            ),
        ] as [(String, [String])])
    func `arguments are known`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.4.2 Argument Uniqueness")
struct ArgumentUniquenessTests {
    @Test func `an argument is given once`() throws {
        #expect(
            try validationErrors("{ dog { isHouseTrained(atOtherHomes: true, atOtherHomes: true) } }")
                == ["1:24,1:44 There can be only one argument named \"atOtherHomes\"."])
    }
}

@Suite("GraphQL §5.4.3 Required Arguments")
struct RequiredArgumentsTests {
    @Test(
        arguments: [
            ("{ arguments { optionalNonNullBooleanArgField } }", []),
            (
                "{ arguments { booleanArgField nonNullBooleanArgField } }",
                [
                    "1:31 Field \"nonNullBooleanArgField\" argument \"nonNullBooleanArg\" of type \"Boolean!\" is required, "
                        + "but it was not provided."
                ]
            ),
            (
                "{ arguments { nonNullBooleanArgField(nonNullBooleanArg: null) } }",
                ["1:57 Expected value of type \"Boolean!\", found null."]
            ),
            (
                "{ dog { name @skip } }",
                ["1:14 Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided."]
            ),
        ] as [(String, [String])])
    func `required arguments are given`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("Introspection can be limited and turned off")
struct IntrospectionRulesTests {
    @Test func `the fields of introspection are refused where it is disabled`() throws {
        let text = "{ __typename __schema { description } ...F } fragment F on Query { __type(name: \"A\") { name } }"
        #expect(try validationErrors(text) == [])
        #expect(
            try validationErrors(text, allowsIntrospection: false) == [
                "1:14 GraphQL introspection is disabled: \"__schema\" can't be selected.",
                "1:68 GraphQL introspection is disabled: \"__type\" can't be selected.",
            ])
    }

    @Test(
        arguments: [
            ("{ __schema { types { fields { type { fields { name } } } } } }", []),
            (
                "{ __schema { types { fields { type { fields { type { interfaces { name } } } } } } } }",
                ["1:54 Maximum introspection depth exceeded."]
            ),
            (
                """
                { __type(name: "A") { ...A } } fragment A on __Type { fields { type { ...B } } }
                fragment B on __Type { possibleTypes { ...C } } fragment C on __Type { inputFields { name } }
                """, ["2:72 Maximum introspection depth exceeded."]
            ),
        ] as [(String, [String])])
    func `introspection does not multiply the schema by itself`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}
