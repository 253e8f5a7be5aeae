@testable import GraphQL

/// The built-in directives that the tests give, hidden as the gateway's are.
let hiddenDefinitions = """
    directive @rest(route: String!, with: RouteArguments) on FIELD_DEFINITION
    directive @from(path: String!, on: [String!]) repeatable on FIELD_DEFINITION
    scalar RouteArguments
    """

/// A schema from SDL texts, each in a file of its own: `1.graphql` and so on.
func schema(_ texts: String..., builtIns: String = hiddenDefinitions) throws -> Schema {
    try buildSchema(texts, builtIns: builtIns)
}

/// `line:column message (did you mean …?)` of each problem, with the file's name before where there are several.
func schemaProblems(_ texts: String..., builtIns: String = hiddenDefinitions) throws -> [String] {
    do {
        _ = try buildSchema(texts, builtIns: builtIns)
        return []
    } catch let errors as SchemaErrors {
        let prefix = texts.count == 1 ? "1.graphql:" : ""
        return errors.problems.map { String($0.description.dropFirst(prefix.count)) }
    }
}

private func buildSchema(_ texts: [String], builtIns: String) throws -> Schema {
    let documents = try texts.enumerated().map {
        try Parser.parseSchemaDocument(Source($0.element, name: "\($0.offset + 1).graphql"))
    }
    return try Schema.build(documents: documents, builtIns: builtIns)
}
