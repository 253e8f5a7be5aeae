public import Configuration
public import GraphQL
public import Planning

/// The document of an operation door.
public struct OperationDocument: Sendable {
    /// The whole of it.
    public let document: Document
    /// Its only operation.
    public let operation: OperationDefinition

    /// A document that was checked when the door was made; nil where it doesn't hold an operation.
    public init?(_ document: Document) {
        guard let operation = document.operations.first else { return nil }
        self.document = document
        self.operation = operation
    }
}

/// The REST doors of a gateway as an OpenAPI 3.1 document: what `sluice export openapi` prints.
public struct OpenAPIExport: Sendable {
    /// The document's `info`.
    public struct Info: Sendable {
        /// `title`.
        public var title: String
        /// `version`: of what the doors offer.
        public var version: String

        /// What the document says of itself.
        public init(title: String, version: String) {
            self.title = title
            self.version = version
        }
    }

    /// The document, in JSON.
    public let text: String

    /// Describes the doors of a configuration that passed its check.
    /// - Parameters:
    ///   - routes: those of the configuration.
    ///   - mapping: the schema; nil where there is none.
    ///   - operations: the documents of operation doors, by the name that the configuration gives each file.
    public init(
        _ info: Info, configuration: GatewayConfiguration, routes: [RouteDescription], mapping: MappedSchema?,
        operations: [String: OperationDocument]
    ) {
        let types = mapping.map { TypeSchemas($0) }
        let describer = DoorDescriber(
            configuration: configuration, routes: routes, mapping: mapping, operations: operations, types: types)
        let paths = Self.paths(configuration.doors, describer)
        var components: [(String, DocumentValue)] = [
            ("schemas", .object((types?.components() ?? []) + ErrorComponents.schemas)),
            ("responses", .object(ErrorComponents.responses)),
            ("headers", .object(ErrorComponents.headers)),
        ]
        if !describer.parameters.isEmpty { components.append(("parameters", .object(describer.parameters))) }
        if let auth = configuration.auth { components.append(("securitySchemes", DoorSecurity(auth).schemes)) }
        let document = DocumentValue.object([
            ("openapi", .string("3.1.0")),
            ("info", .object([("title", .string(info.title)), ("version", .string(info.version))])),
            ("paths", .object(paths)), ("components", .object(components)),
        ])
        text = document.text + "\n"
    }

    /// The methods of `ANY` that OpenAPI has words for and whose answers have content.
    private static let anyMethods = ["get", "put", "post", "delete", "patch"]

    private struct Path {
        var template: String
        var form: [String]
        var variables: [String]
        var methods: [(String, DocumentValue)] = []
    }

    private static func paths(_ doors: [DoorConfiguration], _ describer: DoorDescriber) -> [(String, DocumentValue)] {
        var paths: [Path] = []
        var names = UniqueNames()
        // A door with a method goes before ANY at the same path.
        for door in doors.filter({ $0.method != nil }) + doors.filter({ $0.method == nil }) {
            let form = DoorPath.form(door.segments)
            let place = paths.firstIndex { $0.form == form }
            let path = DoorPath(door.segments, known: place.map { paths[$0].variables })
            if place == nil {
                paths.append(Path(template: path.template, form: form, variables: path.variables.map(\.written)))
            }
            let index = place ?? paths.count - 1
            for method in door.method.map({ [$0.lowercased()] }) ?? anyMethods
            where !paths[index].methods.contains(where: { $0.0 == method }) {
                let id = names.claim(operationName(method, door.segments))
                let operation = describer.operation(door, path, method: method)
                paths[index].methods.append((method, .object([("operationId", .string(id))] + operation)))
            }
        }
        return paths.map { ($0.template, .object($0.methods)) }
    }

    /// `getApiV1UsersById`.
    private static func operationName(_ method: String, _ segments: [DoorConfiguration.Segment]) -> String {
        let words = segments.map { segment in
            switch segment {
            case .literal(let text): text.isEmpty ? "" : Names.type(text)
            case .parameter(let name), .rest(let name): "By" + Names.type(name)
            }
        }
        return Names.operation(method + words.joined())
    }
}
