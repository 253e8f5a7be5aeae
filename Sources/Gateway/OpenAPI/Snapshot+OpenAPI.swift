internal import Configuration
internal import GraphQL
public import OpenAPI
internal import Planning

extension Snapshot {
    /// The REST doors as an OpenAPI document. Any thread; it reads the files of operation doors again, and describes a
    /// door whose file is no longer there without its parameters and answer.
    public func exportOpenAPI(_ info: OpenAPIExport.Info) -> OpenAPIExport {
        var operations: [String: OperationDocument] = [:]
        for door in configuration.doors {
            guard case .operation(let path) = door.destination,
                let file = try? SourceFile.read(path: configuration.resolve(path.value), maximumSize: 1 << 20),
                let document = try? Parser.parseDocument(Source(bytes: file.bytes, name: file.path))
            else { continue }
            operations[path.value] = OperationDocument(document)
        }
        return OpenAPIExport(
            info, configuration: configuration, routes: routes, mapping: mapping, operations: operations)
    }
}
