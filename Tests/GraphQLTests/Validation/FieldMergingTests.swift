import GraphQL
import Testing

private let ending = " Use different aliases on the fields to fetch both if this was intentional."

@Suite("GraphQL §5.3.2 Field Selection Merging")
struct FieldMergingTests {
    @Test(
        arguments: [
            "{ dog { name name ...F } } fragment F on Dog { name }",
            "{ dog { otherName: name otherName: name } }",
            "{ dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: SIT) } }",
            "query ($c: DogCommand!) { dog { doesKnowCommand(dogCommand: $c) doesKnowCommand(dogCommand: $c) } }",
            "{ pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } } }",
            """
            { pet { ... on Dog { doesKnowCommand(dogCommand: SIT) } ... on Cat { doesKnowCommand(catCommand: JUMP) } } }
            """,
            "{ findDog(searchBy: {name: \"a\", age: 1}) { name } findDog(searchBy: {age: 1, name: \"a\"}) { nickname } }",
            "{ arguments { multipleRequirements(x: 1, y: 2) multipleRequirements(y: 2, x: 1) } }",
            "{ pet { ... on Dog { mother { x: barkVolume } } ... on Cat { mother { x: meowVolume } } } }",
            "{ dog { ...F } dog { ...F } } fragment F on Dog { mother { name } }",
        ])
    func `fields that say the same are merged`(text: String) throws {
        #expect(try validationErrors(text) == [])
    }

    @Test(
        arguments: [
            (
                "{ dog { name: nickname name } }",
                ["1:9,1:24 Fields \"name\" conflict because \"nickname\" and \"name\" are different fields."]
            ),
            (
                "{ dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL) } }",
                ["1:9,1:42 Fields \"doesKnowCommand\" conflict because they have differing arguments."]
            ),
            (
                "query ($a: Int) { nested { d(x: $a) d(x: 1) } }",
                ["1:28,1:37 Fields \"d\" conflict because they have differing arguments."]
            ),
            (
                "{ nested { d(x: 1) d } }",
                ["1:12,1:20 Fields \"d\" conflict because they have differing arguments."]
            ),
            (
                "{ pet { ... on Dog { v: barkVolume } ... on Cat { v: name } } }",
                ["1:22,1:51 Fields \"v\" conflict because they return conflicting types \"Int\" and \"String!\"."]
            ),
            (
                "{ pet { name ... on Dog { name: nickname } } }",
                ["1:9,1:27 Fields \"name\" conflict because \"name\" and \"nickname\" are different fields."]
            ),
            (
                "{ pet { ... on Dog { x: mother { y: name } } ... on Cat { x: mother { y: meowVolume } } } }",
                [
                    "1:22,1:59,1:34,1:71 Fields \"x\" conflict because subfields \"y\" conflict because they return "
                        + "conflicting types \"String!\" and \"Int\"."
                ]
            ),
            (
                "{ nested { x: a { c } x: b { c } } }",
                ["1:12,1:23 Fields \"x\" conflict because \"a\" and \"b\" are different fields."]
            ),
            (
                "{ nested { a { x: c } a { x: d } } }",
                [
                    "1:12,1:23,1:16,1:27 Fields \"a\" conflict because subfields \"x\" conflict because \"c\" and \"d\" are "
                        + "different fields."
                ]
            ),
            (
                "{ nested { a { b { x: c } } } nested { a { b { x: d } } } }",
                [
                    "1:3,1:31,1:12,1:40,1:16,1:44,1:20,1:48 Fields \"nested\" conflict because subfields \"a\" conflict because "
                        + "subfields \"b\" conflict because subfields \"x\" conflict because \"c\" and \"d\" are different fields."
                ]
            ),
            (
                "{ dog { ...F ...G } } fragment F on Dog { x: name } fragment G on Dog { x: nickname }",
                ["1:43,1:73 Fields \"x\" conflict because \"name\" and \"nickname\" are different fields."]
            ),
            (
                "{ nested { ...A } } fragment A on Nested { a { ...A x: c } x: d }",
                [
                    "1:48 Cannot spread fragment \"A\" within itself.",
                    "1:53,1:60 Fields \"x\" conflict because \"c\" and \"d\" are different fields.",
                ]
            ),
            (
                "{ dog { x: nickname x: barkVolume x: owner { name } } }",
                [
                    "1:9,1:21 Fields \"x\" conflict because \"nickname\" and \"barkVolume\" are different fields.",
                    "1:9,1:35 Fields \"x\" conflict because \"nickname\" and \"owner\" are different fields.",
                ]
            ),
        ] as [(String, [String])])
    func `fields that say different things under one key are refused`(text: String, expected: [String]) throws {
        let errors = try validationErrors(text).map {
            $0.hasSuffix(ending) ? String($0.dropLast(ending.utf8.count)) : $0
        }
        #expect(errors == expected)
    }
}
