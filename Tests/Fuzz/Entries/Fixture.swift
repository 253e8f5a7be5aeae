import GraphQL
import HTTP
import Planning

/// The schema, routes and profiles that entries work against: fixed, so that a corpus keeps its meaning.
enum Fixture {
    static let sdl = #"""
        type Query {
          user(id: ID!): User @rest(route: "user") me: User @rest(route: "user", with: {id: "$claims.sub"})
          feed(first: Int = 10 after: String): [Post!]! @rest(route: "feed", at: "items") node: Node @rest(route: "feed")
          search(by: Filter! list: [[Int!]] ratio: Float = 0.5 any: Any): [Result] @rest(route: "feed")
        }
        type Mutation { add(input: Choice!): Post @rest(route: "add") }
        interface Node { id: ID! }
        type User implements Node {
          id: ID! name: String! @from(path: "profile.name") age: Int friends: [User!] @hide(on: ["tv"])
          posts(limit: Int = 3): [Post!] @rest(route: "posts", with: {id: "$this.id"}, at: "items[0].all")
        }
        type Post implements Node {
          id: ID! body: String color: Color tags: [[String!]!] any: Any
          author: User @rest(route: "users", with: {ids: "$batch.authorId"}, key: "id")
        }
        union Result @kind(path: "type", map: {User: ["u", 1], Post: "p"}) = User | Post
        enum Color { RED GREEN }
        input Filter { id: ID! limit: Int! = 10 names: [String!] color: Color = RED inner: Filter one: Choice any: Any }
        input Choice @oneOf { a: Int b: String c: [Color!] d: Filter }
        scalar Any
        """#

    static let schema: Schema = {
        // swift-format-ignore: NeverUseForceTry
        return try! Schema.build(
            documents: [Parser.parseSchemaDocument(Source(sdl))], builtIns: BuiltInDirectives.definitions)
    }()

    static let mapping: MappedSchema? = {
        let requests = [
            ("user", "GET /users/{id}"), ("users", "GET /users?ids={ids:,}"),
            ("posts", "GET /users/{id}/posts?limit={limit}"), ("feed", "GET /feed"), ("add", "POST /posts"),
        ]
        let routes = requests.enumerated().compactMap { index, request in
            try? RouteDescription(
                index: index, name: request.0, upstream: "up", template: URITemplate(request.1), headers: [],
                body: request.0 == "add" ? .string("$args.input") : nil, batchMax: 50, notFoundIsError: false,
                policies: RoutePolicies())
        }
        let profiles = ProfileSet([
            ProfileDefinition(name: "web"), ProfileDefinition(name: "tv", userAgents: ["*TV*"], defaultListCap: 5),
        ])
        return try? MappedSchema(schema: schema, routes: routes, profiles: profiles)
    }()

    /// An operation with a variable of every kind of type.
    static let variables: OperationDefinition? = {
        let text = """
            query ($i: Int $f: Float! = 1 $s: String $b: Boolean = true $id: ID $c: Color $any: Any $grid: [[Int!]]
              $filter: Filter $filters: [Filter!] = [] $one: Choice $ones: [Choice] $must: [String!]! = ["x"]) { me { id } }
            """
        return try? Parser.parseDocument(Source(text)).operations.first
    }()
}
