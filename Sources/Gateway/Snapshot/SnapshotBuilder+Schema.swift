internal import Configuration
internal import GraphQL
internal import Planning

/// The schema files.
extension SnapshotBuilder {
    /// Bytes that one schema file may have.
    private static let schemaFileLimit = 8 << 20

    /// The schema with its mapping; nil where there are problems, which are reported.
    mutating func mappedSchema(_ routes: [RouteDescription], _ profiles: ProfileSet) -> MappedSchema? {
        guard let documents = schemaDocuments() else { return nil }
        let schema: Schema
        do throws(SchemaErrors) {
            schema = try Schema.build(documents: documents, builtIns: BuiltInDirectives.definitions)
        } catch {
            for problem in error.problems { report(problem) }
            return nil
        }
        do throws(MappingErrors) {
            var table = grantTable()
            table.add(namesIn: schema)
            let authorization = Authorization(
                isOn: configuration.auth != nil, deniesByDefault: configuration.auth?.deniesByDefault ?? false,
                table: table)
            let mapping = try MappedSchema(
                schema: schema, routes: routes, profiles: profiles, authorization: authorization)
            checkAuthorization(mapping)
            return mapping
        } catch {
            let unreadable = configuration.unreadableRoutes
            for problem in error.schema
            where !unreadable.contains(where: { problem.message.contains("\"\($0)\"") }) { report(problem) }
            for problem in error.configuration {
                report(problem.message, at: mark(of: problem.place), suggestion: problem.suggestion)
            }
            return nil
        }
    }

    /// The parsed files; nil where one couldn't be read or parsed.
    private mutating func schemaDocuments() -> [SchemaDocument]? {
        var documents: [SchemaDocument] = []
        var isComplete = true
        var seen: Set<String> = []
        for pattern in configuration.graphQL?.schemas ?? [] {
            let paths = FilePattern.expand(configuration.resolve(pattern.value))
            if paths.isEmpty {
                report("No schema file matches \"\(pattern.value)\".", at: pattern.mark)
                isComplete = false
            }
            for path in paths where seen.insert(path).inserted {
                if let document = schemaDocument(path, pattern) {
                    documents.append(document)
                } else {
                    isComplete = false
                }
            }
        }
        return isComplete && !documents.isEmpty ? documents : nil
    }

    private mutating func schemaDocument(_ path: String, _ pattern: Located<String>) -> SchemaDocument? {
        let file: SourceFile
        do throws(SourceFile.ReadError) {
            file = try SourceFile.read(path: path, maximumSize: Self.schemaFileLimit)
        } catch {
            report("The schema file \"\(path)\" can't be read: \(error.message)", at: pattern.mark)
            return nil
        }
        addSource(file)
        let source = Source(bytes: file.bytes, name: path)
        do throws(GraphQLSyntaxError) {
            return try Parser.parseSchemaDocument(source)
        } catch {
            let location = source.location(at: error.offset)
            problems.append(
                Problem(file: path, line: location.line, column: location.column, message: error.message))
            return nil
        }
    }
}
