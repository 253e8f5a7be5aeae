import Configuration
import Foundation
import GraphQL
import Planning
import Testing

/// The files of the repository that describe the demo.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func source(_ path: String) throws -> Source {
        Source(bytes: Array(try Data(contentsOf: root.appending(path: path))), name: path)
    }

    static func schema() throws -> Schema {
        let names = ["users", "posts", "recommendations"]
        let documents = try names.map { try Parser.parseSchemaDocument(source("schemas/\($0).graphql")) }
        return try Schema.build(documents: documents, builtIns: BuiltInDirectives.definitions)
    }

    static func configuration() throws -> LoadedConfiguration {
        let file = try source("gateway.yaml")
        return GatewayConfiguration.load(SourceFile(path: file.name, bytes: file.bytes), environment: [:])
    }
}
