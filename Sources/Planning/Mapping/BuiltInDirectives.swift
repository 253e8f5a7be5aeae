/// The directives by which schema files say where values come from.
public enum BuiltInDirectives {
    /// Their definitions, to be given to `Schema.build` as built in.
    public static let definitions = """
        directive @rest(route: String!, with: RouteArguments, at: String, key: String) on FIELD_DEFINITION
        directive @from(path: String!, on: [String!]) repeatable on FIELD_DEFINITION
        directive @hide(on: [String!]!) on FIELD_DEFINITION
        directive @kind(path: String! = "__typename", map: KindMap) on INTERFACE | UNION
        directive @auth(roles: [String!], scopes: [String!]) on FIELD_DEFINITION | OBJECT
        directive @public on FIELD_DEFINITION
        directive @cost(weight: Int!) on FIELD_DEFINITION
        directive @listSize(assumed: Int, argument: String) on FIELD_DEFINITION
        scalar RouteArguments
        scalar KindMap
        """
}
