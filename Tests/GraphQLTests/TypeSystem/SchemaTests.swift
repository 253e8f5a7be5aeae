import GraphQL
import Testing

@Suite("GraphQL §3: the schema")
struct SchemaTests {
    private static let blog = """
        type Query { node(id: ID!): Node, search(text: String = "a"): [Result!]!, me: User @rest(route: "users.get") }
        interface Node { id: ID! }
        interface Named implements Node { id: ID!, name: String }
        "A person."
        type User implements Node & Named { id: ID!, name: String @from(path: "a.b") @from(path: "c", on: ["tv"]) }
        type Post implements Node { id: ID!, old: Int @deprecated, older: Int @deprecated(reason: "gone") }
        union Result = User | Post
        enum Color { RED GREEN @deprecated }
        input Filter @oneOf { a: Int, b: String }
        scalar Date @specifiedBy(url: "https://example.com")
        """

    @Test func `types and their members are found by name`() throws {
        let schema = try schema(Self.blog)
        let user = try #require(schema.type(named: "User"))
        #expect(user.kind == .object)
        #expect(user.description == "A person.")
        #expect(user.interfaces == ["Node", "Named"])
        #expect(user.fields.names == ["id", "name"])
        #expect(user.fields["name"]?.coordinate == "User.name")
        #expect(schema.queryType.fields["node"]?.arguments["id"]?.isRequired == true)
        #expect(schema.queryType.fields["search"]?.arguments["text"]?.coordinate == "Query.search(text:)")
        #expect(schema.queryType.fields["search"]?.arguments["text"]?.defaultValue?.stringValue == "a")
        #expect(schema.queryType.fields["search"]?.type.description == "[Result!]!")
        #expect(schema.type(named: "Filter")?.isOneOf == true)
        #expect(schema.type(named: "Date")?.specifiedByURL == "https://example.com")
        #expect(schema.type(named: "Post")?.fields["old"]?.deprecationReason == "No longer supported")
        #expect(schema.type(named: "Post")?.fields["older"]?.deprecationReason == "gone")
        #expect(schema.type(named: "Color")?.values["GREEN"]?.deprecationReason != nil)
        #expect(schema.type(named: "Color")?.values["RED"]?.deprecationReason == nil)
        #expect(schema.types.names.prefix(3) == ["Query", "Node", "Named"])
    }

    @Test func `directives keep their arguments and their places`() throws {
        let field = try #require(try schema(Self.blog).type(named: "User")?.fields["name"])
        #expect(field.appliedDirectives.map(\.name) == ["from", "from"])
        #expect(field.appliedDirectives.map { $0.argument(named: "path")?.stringValue } == ["a.b", "c"])
        let second = field.appliedDirectives[1]
        #expect(second.argument(named: "on")?.listValue?.map(\.stringValue) == ["tv"])
        #expect(second.position.location == Location(line: 5, column: 78))
        #expect(second.position.source.name == "1.graphql")
    }

    @Test func `possible types of abstract types (§5.5.2.3)`() throws {
        let schema = try schema(Self.blog)
        let possible = { (name: String) in schema.type(named: name).map { schema.possibleTypes(of: $0).map(\.name) } }
        #expect(possible("Node") == ["User", "Post"])
        #expect(possible("Named") == ["User"])
        #expect(possible("Result") == ["User", "Post"])
        #expect(possible("User") == ["User"])
        #expect(possible("Color") == [])
    }

    @Test(arguments: [
        ("User", "Node", true), ("Named", "Node", true), ("Node", "Named", false), ("User", "Result", true),
        ("User!", "Node", true), ("User", "Node!", false), ("[User!]!", "[Node]", true), ("[User]", "User", false),
        ("User", "User", true),
    ])
    func `sub-types are covariant`(type: String, other: String, expected: Bool) throws {
        let schema = try schema(Self.blog)
        let reference = { (text: String) in try Parser.parseType(Source(text)) }
        #expect(schema.isSubType(try reference(type), of: try reference(other)) == expected)
    }

    @Test(arguments: [
        ("Node", "Result", true), ("Named", "Post", false), ("Post", "Node", true), ("User", "Post", false),
    ])
    func `types overlap where an object can be both`(first: String, second: String, expected: Bool) throws {
        let schema = try schema(Self.blog)
        let first = try #require(schema.type(named: first))
        #expect(schema.overlap(first, try #require(schema.type(named: second))) == expected)
    }

    @Test func `meta-fields exist where the specification says (§4.1)`() throws {
        let schema = try schema(Self.blog)
        let user = try #require(schema.type(named: "User"))
        let color = try #require(schema.type(named: "Color"))
        #expect(schema.field(named: "__typename", on: user)?.type.description == "String!")
        #expect(schema.field(named: "__typename", on: color) == nil)
        #expect(schema.field(named: "__schema", on: user) == nil)
        #expect(schema.field(named: "__schema", on: schema.queryType)?.type.description == "__Schema!")
        #expect(schema.field(named: "__type", on: schema.queryType)?.arguments["name"]?.isRequired == true)
        #expect(schema.type(named: "__Type")?.fields["isOneOf"] != nil)
        #expect(schema.type(named: "__Type")?.origin == .specification)
    }

    @Test func `extensions add to types across files, in any order`() throws {
        let schema = try schema(
            "extend type User implements Node @a { id: ID! } extend schema @s extend enum E { B } extend union U = User",
            "type Query { user: User, u: U, e: E } type User { name: String } enum E { A } union U = Query",
            """
            interface Node { id: ID! } directive @a on OBJECT directive @s on SCHEMA
            extend input I { b: Int } input I { a: Int } extend scalar S @specifiedBy(url: "u") scalar S
            """)
        let user = try #require(schema.type(named: "User"))
        #expect(user.fields.names == ["name", "id"])
        #expect(user.interfaces == ["Node"])
        #expect(user.appliedDirectives.map(\.name) == ["a"])
        #expect(user.fields["id"]?.position.source.name == "1.graphql")
        #expect(schema.appliedDirectives.map(\.name) == ["s"])
        #expect(schema.type(named: "E")?.values.names == ["A", "B"])
        #expect(schema.type(named: "U")?.memberTypes == ["Query", "User"])
        #expect(schema.type(named: "I")?.inputFields.names == ["a", "b"])
        #expect(schema.type(named: "S")?.specifiedByURL == "u")
    }

    @Test func `root types have any name that the schema definition gives (§3.3.1)`() throws {
        let schema = try schema(
            "schema { query: Q } extend schema { mutation: M } type Q { a: Int } type M { a: Int } type Subscription { a: Int }"
        )
        #expect(schema.rootType(for: .query)?.name == "Q")
        #expect(schema.rootType(for: .mutation)?.name == "M")
        #expect(schema.rootType(for: .subscription) == nil)
        let implicit = try self.schemaWithDefaults()
        #expect(implicit.mutationType?.name == "Mutation")
        #expect(implicit.subscriptionType?.name == "Subscription")
    }

    private func schemaWithDefaults() throws -> Schema {
        try schema("type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }")
    }

    @Test func `a document may repeat what is built in, if it says the same`() throws {
        _ = try schema(
            """
            type Query { a: Int @rest(route: "r") }
            scalar Int scalar RouteArguments
            directive @skip(if: Boolean!) on FIELD
            "Text." directive @rest(with: RouteArguments, route: String!) on FIELD_DEFINITION
            """)
        #expect(
            try schemaProblems("type Query { a: Int } directive @rest(route: String) on FIELD_DEFINITION") == [
                "1:34: The definition of directive \"@rest\" differs from the built-in one."
            ])
    }

    @Test func `built-in definitions that do not parse are a problem, not a trap`() throws {
        #expect(
            try schemaProblems("type Query { a: Int }", builtIns: "directive").map { $0.contains("Syntax Error") } == [
                true
            ])
    }
}
