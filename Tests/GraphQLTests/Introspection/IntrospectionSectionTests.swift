import GraphQL
import Testing

@Suite("GraphQL §4.1 Type Name Introspection")
struct TypeNameTests {
    @Test(arguments: [
        "{ __typename }", "{ dog { __typename } }", "{ pet { __typename } }", "{ catOrDog { __typename } }",
    ])
    func `objects, interfaces and unions have it`(text: String) throws { #expect(try validationErrors(text) == []) }

    @Test(arguments: ["subscription { __typename }", "{ dog { name { __typename } } }", "{ dog { __typename(a: 1) } }"])
    func `the root of a subscription and leaves have it not, and it takes no arguments`(text: String) throws {
        #expect(try validationErrors(text).count == 1)
    }

    @Test func `it isn't among the fields that introspection shows`() throws {
        let answer = try IntrospectionTests.answer(#"{ __type(name: "User") { fields { name } } }"#)
        #expect(answer == #"{"fields":[{"name":"id"},{"name":"secret"}]}"#)
    }
}

@Suite("GraphQL §4.2 Schema Introspection")
struct SchemaIntrospectionTests {
    @Test(arguments: [
        ("{ __schema { description } __type(name: \"A\") { name } }", 0), ("{ dog { __schema { description } } }", 1),
        ("mutation { __schema { description } }", 1), ("{ __type { name } }", 1),
        ("{ __type(name: null) { name } }", 1),
        ("{ __schema }", 1),
    ])
    func `the two fields are at the root of a query alone`(text: String, errors: Int) throws {
        #expect(try validationErrors(text).count == errors)
    }

    @Test(arguments: ["fields", "enumValues", "inputFields"])
    func `deprecated members are asked for at every list of members`(list: String) throws {
        #expect(
            try validationErrors("{ __type(name: \"A\") { \(list)(includeDeprecated: true) { name } } }") == [])
        #expect(
            try validationErrors(
                "{ __schema { directives { args(includeDeprecated: true) { isDeprecated deprecationReason } } } }")
                == [])
        #expect(
            try validationErrors("{ __type(name: \"A\") { \(list)(includeDeprecated: null) { name } } }").count == 1)
    }

    @Test func `default values are written as literals`() throws {
        let text =
            "type Query { a(s: String = \"x\\ny\" e: [E!] = [A] f: Float = 1.50 o: I = {b: null, c: true} l: [Int] = 3): Int } enum E { A } input I { b: Int c: Boolean }"
        let introspection = SchemaIntrospection(of: try schema(text))
        let document = try Parser.parseDocument(
            Source("{ __type(name: \"Query\") { fields { args { defaultValue } } } }"))
        guard case .field(let field) = document.operations[0].selectionSet.selections[0] else { return }
        let answer = try #require(introspection.answer([field], in: document, variables: [:]))
        let expected = [#""\"x\\ny\"""#, #""[A]""#, #""1.50""#, #""{b: null, c: true}""#, #""3""#]
        #expect(
            String(decoding: answer, as: UTF8.self)
                == "{\"fields\":[{\"args\":[\(expected.map { "{\"defaultValue\":\($0)}" }.joined(separator: ","))]}]}")
    }
}
