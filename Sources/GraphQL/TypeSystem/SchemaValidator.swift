/// Checks a merged schema against GraphQL §3, and reports everything.
struct SchemaValidator {
    let schema: Schema
    private(set) var problems: [SchemaProblem] = []

    init(schema: Schema) {
        self.schema = schema
    }

    mutating func validate() {
    }

    mutating func report(
        _ message: String, at position: SourcePosition, coordinate: String? = nil, suggestion: String? = nil
    ) {
        problems.append(SchemaProblem(message, at: position, coordinate: coordinate, suggestion: suggestion))
    }
}
