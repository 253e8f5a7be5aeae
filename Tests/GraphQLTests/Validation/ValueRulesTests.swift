import GraphQL
import Testing

@Suite("GraphQL §5.6.1 Values of Correct Type")
struct ValuesOfCorrectTypeTests {
    @Test(
        arguments: [
            ("{ arguments { booleanArgField(booleanArg: true) floatArgField(floatArg: 1) idArgField(idArg: 1) } }", []),
            ("query ($x: FindDogInput = {name: \"a\", tags: \"b\"}) { findDog(searchBy: $x) { name } }", []),
            ("{ any(value: {a: [1, X, \"s\"]}) }", []),
            (
                "{ arguments { intArgField(intArg: \"123\") } }",
                ["1:35 Int cannot represent non-integer value: \"123\""]
            ),
            (
                "query ($x: Int = 1.5) { arguments { intArgField(intArg: $x) } }",
                ["1:18 Int cannot represent non-integer value: 1.5"]
            ),
            ("{ dog { name @include(if: 1) } }", ["1:27 Boolean cannot represent a non boolean value: 1"]),
            (
                "{ arguments { enumArgField(command: SITT) } }",
                ["1:37 Value \"SITT\" does not exist in \"DogCommand\" enum. Did you mean \"SIT\"?"]
            ),
            (
                "{ booleanList(booleanListArg: [true, null]) }",
                ["1:38 Expected value of type \"Boolean!\", found null."]
            ),
            ("mutation { addPet(pet: {name: \"a\"}) { name } }", []),
            (
                "mutation { addPet(pet: {name: \"a\", cat: null}) { name } }",
                ["1:24 OneOf Input Object \"PetInput\" must specify exactly one key."]
            ),
            (
                "mutation { addPet(pet: {name: null}) { name } }",
                ["1:31 Field \"PetInput.name\" must be non-null."]
            ),
        ] as [(String, [String])])
    func `values fit their types`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.6.2 Input Object Field Names")
struct InputObjectFieldNamesTests {
    @Test(
        arguments: [
            (
                "{ findDog(searchBy: {naem: \"Fido\"}) { name } }",
                ["1:22 Field \"naem\" is not defined by type \"FindDogInput\". Did you mean \"name\"?"]
            )
        ] as [(String, [String])])
    func `values fit their types`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.6.3 Input Object Field Uniqueness")
struct InputObjectFieldUniquenessTests {
    @Test(
        arguments: [
            (
                "{ findDog(searchBy: {name: \"a\", name: \"b\"}) { name } }",
                ["1:22,1:33 There can be only one input field named \"name\"."]
            ),
            ("{ any(value: [{a: {b: 1, b: 2}}]) }", ["1:20,1:26 There can be only one input field named \"b\"."]),
        ] as [(String, [String])])
    func `values fit their types`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.6.4 Input Object Required Fields")
struct InputObjectRequiredFieldsTests {
    @Test(
        arguments: [
            (
                "{ search(by: {}) { name } }",
                ["1:14 Field \"SearchBy.id\" of required type \"ID!\" was not provided."]
            )
        ] as [(String, [String])])
    func `values fit their types`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.7.1 Directives Are Defined")
struct DirectivesAreDefinedTests {
    @Test(
        arguments: [

            ("query ($a: Int @onVariable) @onQuery { any(value: [$a]) @onField @onField(x: 1) }", []),
            ("{ dog { name @inclde(if: true) } }", ["1:14 Unknown directive \"@inclde\". Did you mean \"@include\"?"]),
            ("{ dog { name @rest(route: \"x\") } }", ["1:14 Unknown directive \"@rest\"."]),
        ] as [(String, [String])])
    func `directives are known, in place and unique`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.7.2 Directives Are in Valid Locations")
struct DirectivesInValidLocationsTests {
    @Test(
        arguments: [
            ("query @skip(if: true) { dog { name } }", ["1:7 Directive \"@skip\" may not be used on QUERY."]),
            (
                "{ dog { ...F @onField } } fragment F on Dog @onField { ... @onField { name } }",
                [
                    "1:14 Directive \"@onField\" may not be used on FRAGMENT_SPREAD.",
                    "1:45 Directive \"@onField\" may not be used on FRAGMENT_DEFINITION.",
                    "1:60 Directive \"@onField\" may not be used on INLINE_FRAGMENT.",
                ]
            ),
            (
                "query ($a: Int @onQuery) { any(value: [$a]) }",
                ["1:16 Directive \"@onQuery\" may not be used on VARIABLE_DEFINITION."]
            ),
        ] as [(String, [String])])
    func `directives are known, in place and unique`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.7.3 Directives Are Unique per Location")
struct DirectivesAreUniqueTests {
    @Test(
        arguments: [
            (
                "{ dog { name @skip(if: true) @skip(if: false) } }",
                ["1:14,1:30 The directive \"@skip\" can only be used once at this location."]
            )
        ] as [(String, [String])])
    func `directives are known, in place and unique`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.8.1 Variable Uniqueness")
struct VariableUniquenessTests {
    @Test(
        arguments: [
            (
                "query ($a: Int, $a: Int) { any(value: [$a]) }",
                ["1:9,1:18 There can be only one variable named \"$a\"."]
            )
        ] as [(String, [String])])
    func `variables are defined, used and fit`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.8.2 Variables Are Input Types")
struct VariablesAreInputTypesTests {
    @Test(
        arguments: [
            ("query ($a: Dog) { any(value: [$a]) }", ["1:12 Variable \"$a\" cannot be non-input type \"Dog\"."]),
            ("query ($a: [Itn!]) { any(value: [$a]) }", ["1:13 Unknown type \"Itn\". Did you mean \"Int\"?"]),
            ("query ($a: RouteArguments) { any(value: [$a]) }", ["1:12 Unknown type \"RouteArguments\"."]),
        ] as [(String, [String])])
    func `variables are defined, used and fit`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.8.3 All Variable Uses Defined")
struct VariableUsesDefinedTests {
    @Test(
        arguments: [
            ("query Q { any(value: [$a]) }", ["1:23,1:1 Variable \"$a\" is not defined by operation \"Q\"."]),
            (
                "{ ...F } fragment F on Query { ...G } fragment G on Query { any(value: [$a]) }",
                ["1:73,1:1 Variable \"$a\" is not defined."]
            ),
        ] as [(String, [String])])
    func `variables are defined, used and fit`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.8.4 All Variables Used")
struct VariablesUsedTests {
    @Test(
        arguments: [
            ("query Q($a: Int) { any }", ["1:9 Variable \"$a\" is never used in operation \"Q\"."]),
            (
                "query ($a: Int) { any } fragment F on Query { any(value: [$a]) }",
                ["1:8 Variable \"$a\" is never used.", "1:25 Fragment \"F\" is never used."]
            ),
            ("query A($a: Int) { ...F } query B($a: ID) { ...F } fragment F on Query { any(value: [$a]) }", []),
        ] as [(String, [String])])
    func `variables are defined, used and fit`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}

@Suite("GraphQL §5.8.5 All Variable Usages Are Allowed")
struct VariableUsagesAllowedTests {
    @Test(
        arguments: [
            ("query ($a: Boolean!) { arguments { booleanArgField(booleanArg: $a) } }", []),
            (
                "query ($a: Int) { arguments { booleanArgField(booleanArg: $a) } }",
                ["1:8,1:59 Variable \"$a\" of type \"Int\" used in position expecting type \"Boolean\"."]
            ),
            (
                "query ($a: [Boolean]) { booleanList(booleanListArg: $a) }",
                ["1:8,1:53 Variable \"$a\" of type \"[Boolean]\" used in position expecting type \"[Boolean!]\"."]
            ),
            (
                "query ($a: Boolean) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $a) } }",
                ["1:8,1:77 Variable \"$a\" of type \"Boolean\" used in position expecting type \"Boolean!\"."]
            ),
            ("query ($a: Boolean = true) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $a) } }", []),
            (
                "query ($a: Boolean = null) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $a) } }",
                ["1:8,1:84 Variable \"$a\" of type \"Boolean\" used in position expecting type \"Boolean!\"."]
            ),
            ("query ($a: Boolean) { arguments { optionalNonNullBooleanArgField(optionalBooleanArg: $a) } }", []),
            (
                "query ($a: Boolean) { booleanList(booleanListArg: [$a]) }",
                ["1:8,1:52 Variable \"$a\" of type \"Boolean\" used in position expecting type \"Boolean!\"."]
            ),
            (
                "query ($a: String) { findDog(searchBy: {age: $a}) { name } }",
                ["1:8,1:46 Variable \"$a\" of type \"String\" used in position expecting type \"Int\"."]
            ),
            (
                "query ($a: Boolean) { dog { name @skip(if: $a) } }",
                ["1:8,1:44 Variable \"$a\" of type \"Boolean\" used in position expecting type \"Boolean!\"."]
            ),
            ("mutation ($a: String!) { addPet(pet: {name: $a}) { name } }", []),
            (
                "mutation ($a: String) { addPet(pet: {name: $a}) { name } }",
                [
                    "1:11,1:44 Variable \"$a\" is of type \"String\" but must be non-nullable to be used for OneOf Input "
                        + "Object \"PetInput\"."
                ]
            ),
            (
                "mutation ($a: String) { addPets(pets: {name: $a}) { name } }",
                [
                    "1:11,1:46 Variable \"$a\" is of type \"String\" but must be non-nullable to be used for OneOf Input "
                        + "Object \"PetInput\"."
                ]
            ),
        ] as [(String, [String])])
    func `variables are defined, used and fit`(text: String, expected: [String]) throws {
        #expect(try validationErrors(text) == expected)
    }
}
