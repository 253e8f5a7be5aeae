import GraphQL
import Testing

@Suite("GraphQL §5.5.1.1 Fragment Name Uniqueness")
struct FragmentNameUniquenessTests {
    @Test(
        arguments: [
            (
                "{ dog { ...F } } fragment F on Dog { name } fragment F on Dog { name }",
                ["1:27,1:54 There can be only one fragment named \"F\"."]
            )
        ] as [(String, [String])])
    func `fragments are named once, typed and used`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.5.1.2 Fragment Spread Type Existence")
struct FragmentSpreadTypeExistenceTests {
    @Test(
        arguments: [
            ("{ dog { ...F } } fragment F on Dgo { name }", ["1:32 Unknown type \"Dgo\". Did you mean \"Dog\"?"]),
            ("{ dog { ... on Nope { name } } }", ["1:16 Unknown type \"Nope\"."]),
        ] as [(String, [String])])
    func `fragments are named once, typed and used`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.5.1.3 Fragments on Object, Interface or Union Types")
struct FragmentTypesTests {
    @Test(
        arguments: [
            (
                "{ dog { ...F } } fragment F on Int { x }",
                ["1:32 Fragment \"F\" cannot condition on non composite type \"Int\"."]
            ),
            (
                "{ dog { ... on FindDogInput { x } } }",
                ["1:16 Fragment cannot condition on non composite type \"FindDogInput\"."]
            ),
        ] as [(String, [String])])
    func `fragments are named once, typed and used`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.5.1.4 Fragments Must Be Used")
struct FragmentsUsedTests {
    @Test(
        arguments: [
            (
                "{ dog { name } } fragment F on Dog { ...G } fragment G on Dog { name }",
                ["1:18 Fragment \"F\" is never used.", "1:45 Fragment \"G\" is never used."]
            ),
            ("{ dog { ...F } } fragment F on Dog { ...G } fragment G on Dog { name }", []),
        ] as [(String, [String])])
    func `fragments are named once, typed and used`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.5.2.1 Fragment Spread Target Defined")
struct FragmentSpreadTargetDefinedTests {
    @Test func `a fragment that is spread exists`() throws {
        #expect(try validationErrors("{ dog { ...Undefined } }") == ["1:12 Unknown fragment \"Undefined\"."])
    }
}

@Suite("GraphQL §5.5.2.2 Fragment Spreads Must Not Form Cycles")
struct FragmentSpreadCyclesTests {
    @Test(
        arguments: [
            ("{ dog { ...A } } fragment A on Dog { name ...A }", ["1:43 Cannot spread fragment \"A\" within itself."]),
            (
                "{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { mother { ...A } }",
                ["1:38,1:74 Cannot spread fragment \"A\" within itself via \"B\"."]
            ),
            (
                "{ dog { ...A } } fragment A on Dog { ...B ...C } fragment B on Dog { ...D } fragment C on Dog { ...D } "
                    + "fragment D on Dog { name }", []
            ),
        ] as [(String, [String])])
    func `no fragment spreads itself`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.5.2.3 Fragment Spread Is Possible")
struct FragmentSpreadIsPossibleTests {
    @Test(
        arguments: [
            ("{ dog { ... on Dog { name } ... on Pet { name } ... on CatOrDog { __typename } } }", []),
            ("{ pet { ... on Dog { name } ... on CatOrDog { __typename } } }", []),
            (
                "{ dog { ... on Cat { meowVolume } } }",
                ["1:9 Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\"."]
            ),
            (
                "{ humanOrAlien { ...F } } fragment F on Pet { name }",
                [
                    "1:18 Fragment \"F\" cannot be spread here as objects of type \"HumanOrAlien\" can never be of type \"Pet\"."
                ]
            ),
            (
                "{ pet { ... on Sentient { name } } }",
                ["1:9 Fragment cannot be spread here as objects of type \"Pet\" can never be of type \"Sentient\"."]
            ),
        ] as [(String, [String])])
    func `a fragment can apply where it is spread`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}
