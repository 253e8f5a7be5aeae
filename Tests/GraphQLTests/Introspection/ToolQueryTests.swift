import GraphQL
import Testing

@Suite("GraphQL §4 Introspection, as tools ask for it")
struct ToolQueryTests {
    static let query = """
        query IntrospectionQuery {
          __schema {
            description
            queryType { name kind }
            mutationType { name kind }
            subscriptionType { name kind }
            types { ...FullType }
            directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
          }
        }
        fragment FullType on __Type {
          kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) {
            name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
            isDeprecated deprecationReason
          }
          inputFields(includeDeprecated: true) { ...InputValue }
          interfaces { ...TypeRef }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
          possibleTypes { ...TypeRef }
        }
        fragment InputValue on __InputValue {
          name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
        }
        fragment TypeRef on __Type {
          kind name
          ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
            kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
          } } } } }
        }
        """

    @Test func `the query that tools send is valid, and answered with all of the schema`() throws {
        #expect(try validationErrors(Self.query) == [])
        let answer = try #require(try IntrospectionTests.answer(Self.query))
        #expect(answer.hasPrefix(#"{"description":"All of it.","queryType":{"name":"Query","kind":"OBJECT"}"#))
        let types = [
            "Query", "Change", "Node", "User", "Any", "Color", "Filter", "One", "URL", "Int", "Float", "String",
            "Boolean", "ID", "__Schema", "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue",
            "__Directive", "__DirectiveLocation",
        ]
        for type in types { #expect(answer.contains("\"name\":\"\(type)\",\"description\":"), "\(type)") }
        // What opens is closed: no string of this schema holds a brace but one default value, which holds a pair.
        #expect(answer.utf8.count { $0 == UInt8(ascii: "{") } == answer.utf8.count { $0 == UInt8(ascii: "}") })
    }
}
