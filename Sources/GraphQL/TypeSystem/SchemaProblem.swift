/// Something wrong with a schema, and where.
public struct SchemaProblem: Sendable {
    /// A sentence without a suggestion.
    public let message: String
    /// The place to blame.
    public let position: SourcePosition
    /// The schema coordinate (GraphQL §2.14) of what is wrong, where it has one.
    public let coordinate: String?
    /// A name that was probably meant.
    public let suggestion: String?

    /// A problem at a place.
    public init(
        _ message: String, at position: SourcePosition, coordinate: String? = nil, suggestion: String? = nil
    ) {
        self.message = message
        self.position = position
        self.coordinate = coordinate
        self.suggestion = suggestion
    }

    /// The name of the file that it is in.
    public var file: String { position.source.name }
    /// Byte offset into that file.
    public var offset: UInt32 { position.offset }
}

extension SchemaProblem: CustomStringConvertible {
    /// `file:line:column: message (did you mean "name"?)`.
    public var description: String {
        let location = position.location
        let hint = suggestion.map { " (did you mean \"\($0)\"?)" } ?? ""
        return "\(file):\(location.line):\(location.column): \(message)\(hint)"
    }
}

/// Every problem of the documents given, by file and offset; at least one.
public struct SchemaErrors: Error, Sendable {
    /// The problems.
    public let problems: [SchemaProblem]
    /// What could be built all the same. It is not valid, and serves only to find further problems.
    public let schema: Schema
}
