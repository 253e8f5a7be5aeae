public import Configuration
internal import GraphQL

/// A service's OpenAPI document as routes and schema: what `sluice import openapi` writes.
public struct OpenAPIImport: Sendable {
    /// The `gateway.yaml`; nil where the document has errors.
    public let configuration: String?
    /// The schema, for `schemas/UPSTREAM.graphql`; nil where the document has errors.
    public let schema: String?
    /// What was left out and why, and the errors.
    public let report: ProblemReport

    /// The most bytes that a document may have.
    public static let maximumFileSize = 16 << 20

    /// The most bytes of a schema that a gateway reads.
    private static let maximumSchemaSize = 8 << 20

    /// Reads an OpenAPI 3.0 or 3.1 document, in YAML or JSON. Any thread; nothing is fetched or written.
    /// - Parameters:
    ///   - source: the document.
    ///   - upstream: the name that the service, its routes and the schema's file get: up to 60 letters, digits, `-` and
    ///     `_`.
    public init(_ source: SourceFile, upstream: String) {
        let read = YAMLDocument(source)
        var problems = read.problems
        var texts: (configuration: String, schema: String)?
        if let root = read.root, !problems.contains(where: { $0.severity == .error }) {
            let document = OpenAPIDocument(root, file: source.path)
            texts = Self.texts(of: document, upstream: upstream)
            problems += document.problems
        }
        report = ProblemReport(problems, sources: [source])
        configuration = report.hasErrors ? nil : texts?.configuration
        schema = report.hasErrors ? nil : texts?.schema
    }

    private static func texts(of document: OpenAPIDocument, upstream: String) -> (String, String)? {
        guard isReadable(document) else { return nil }
        let reader = SchemaReader(document)
        let types = TypeMapper(reader)
        var mapper = OperationMapper(types, upstream: upstream)
        let operations = mapper.operations()
        types.finish()
        if reader.isExhausted {
            document.refuse("the schemas of this document, merged, are too many to be read", at: document.root)
        }
        guard operations.contains(where: \.isQuery) else {
            let place = document.root["paths"] ?? document.root
            document.refuse("no GET operation that answers JSON; a GraphQL schema needs one field to query", at: place)
            return nil
        }
        let gateway = GatewayText(
            upstream: upstream, url: ServerURL.first(of: document), basePath: ServerURL.firstPath(of: document),
            forwarded: SecurityReader(document).forwardedFields())
        let title = document.root["info"]?["title"]?.characters.map { " of \(oneLine($0))" } ?? ""
        let routes = gateway.text(
            operations.map(\.route), comment: "# The routes\(title), from its OpenAPI document.\n")
        let schema = SchemaText.text(
            operations, types.types, comment: "# The schema\(title), from its OpenAPI document.\n")
        guard routes.utf8.count <= GatewayConfiguration.maximumFileSize, schema.utf8.count <= maximumSchemaSize else {
            document.refuse(
                "this makes more routes, or a larger schema, than a gateway reads; split the document by its paths",
                at: document.root)
            return nil
        }
        return (routes, schema)
    }

    private static func isReadable(_ document: OpenAPIDocument) -> Bool {
        guard let version = document.root["openapi"] else {
            let place = document.root["swagger"] ?? document.root
            let reason =
                document.root["swagger"] == nil
                ? "this is no OpenAPI document: it has no \"openapi\"" : "this is Swagger 2.0"
            document.refuse("\(reason); OpenAPI 3.0 and 3.1 are read", at: place)
            return false
        }
        guard let text = version.characters, text.hasPrefix("3.0") || text.hasPrefix("3.1") else {
            document.refuse(
                "OpenAPI \(document.shown(version.characters ?? "")) is not read; 3.0 and 3.1 are", at: version)
            return false
        }
        guard document.root["paths"]?.pairs != nil else {
            document.refuse("the document has no \"paths\"", at: document.root)
            return false
        }
        return true
    }

    private static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
