import GraphQL
import Testing

@Suite("The API schema as SDL")
struct SchemaPrinterTests {
    private static let written = #"""
        directive @tag(name: String!) repeatable on FIELD_DEFINITION

        """A person."""
        type User implements Node {
          id: ID!
          posts(
            """How many."""
            first: Int = 10
          ): [Post!]! @tag(name: "a") @deprecated(reason: "old")
        }

        interface Node {
          id: ID!
        }

        type Post {
          color: Color
        }

        union Any = User | Post

        enum Color {
          RED
        }

        input Filter @oneOf {
          a: Int
        }

        scalar Date @specifiedBy(url: "https://example.com")

        type Query {
          user(filter: Filter): User
        }

        """#

    @Test func `what was written comes back, without what is hidden`() throws {
        let hidden =
            Self.written.replacing("id: ID!\n  posts", with: "id: ID! @from(path: \"a\")\n  posts")
            .replacing("): User", with: "): User @rest(route: \"r\")") + "scalar RouteArguments"
        #expect(hidden.contains("@from") && hidden.contains("@rest"))
        #expect(SchemaPrinter.print(try schema(hidden)) == Self.written)
        #expect(SchemaPrinter.print(try schema(Self.written)) == Self.written)
    }

    @Test func `fields can be left out`() throws {
        let text = SchemaPrinter.print(try schema(Self.written)) { $0.coordinate != "User.posts" }
        #expect(text.contains("type User implements Node {\n  id: ID!\n}\n"))
    }

    @Test func `a schema definition is printed where it is needed`() throws {
        let named = "schema {\n  query: Q\n}\n\ntype Q {\n  a: Int\n}\n"
        #expect(SchemaPrinter.print(try schema(named)) == named)
        let besideMutation =
            "schema {\n  query: Query\n}\n\ntype Query {\n  a: Int\n}\n\ntype Mutation {\n  a: Int\n}\n"
        #expect(SchemaPrinter.print(try schema(besideMutation)) == besideMutation)
        let plain = "type Query {\n  a: Int\n}\n"
        #expect(SchemaPrinter.print(try schema("schema { query: Query }" + plain)) == plain)
    }
}
