/// Answers `__schema` and `__type` from a schema (GraphQL §4.2). Immutable; any thread.
///
/// What is hidden (`DefinitionOrigin.hidden`) is not shown.
public struct SchemaIntrospection: Sendable {
    /// The most bytes that an answer may have, since a selection can multiply the schema by itself.
    public static let defaultMaximumBytes = 32 << 20

    private let schema: Schema
    private let maximumBytes: Int

    /// Introspection of a schema.
    ///
    /// - Parameter maximumBytes: the most bytes that an answer may have.
    public init(of schema: Schema, maximumBytes: Int = defaultMaximumBytes) {
        self.schema = schema
        self.maximumBytes = maximumBytes
    }

    /// The JSON of one root field, `__schema` or `__type`; nil if it would have more bytes than allowed.
    ///
    /// - Parameters:
    ///   - fields: the field's occurrences, whose selection sets are merged; at least one.
    ///   - document: the document that they stand in, which has been validated and whose nesting, fragments expanded,
    ///     has been bounded: recursion is as deep.
    ///   - variables: the operation's variables, coerced.
    public func answer(_ fields: [Field], in document: Document, variables: CoercedVariables) -> [UInt8]? {
        guard let first = fields.first else { return nil }
        var compiler = IntrospectionCompiler(schema: schema, document: document, variables: variables)
        guard let root = compiler.field(fields, on: schema.queryType) else { return nil }
        var writer = IntrospectionWriter(schema: schema, maximumBytes: maximumBytes)
        switch first.name.value {
        case "__schema": writer.write(.schema, root.selection)
        default:
            let type = root.typeName.flatMap { schema.type(named: $0) }.flatMap { $0.origin == .hidden ? nil : $0 }
            if let type { writer.write(.type(.named(type.name)), root.selection) } else { writer.writeNull() }
        }
        return writer.isOverflowing ? nil : writer.output
    }
}
