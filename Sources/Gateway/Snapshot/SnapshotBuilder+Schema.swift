internal import Configuration
internal import GraphQL
internal import Planning

/// The schema files.
extension SnapshotBuilder {
    /// Bytes that one schema file may have.
    private static let schemaFileLimit = 8 << 20

    /// The schema and its mapping, each nil where it has problems. All are reported: those of the mapping also where the
    /// schema is not valid.
    mutating func mappedSchema(
        _ routes: RouteDescriptions, _ profiles: ProfileSet
    ) -> (schema: Schema?, mapping: MappedSchema?) {
        guard let documents = schemaDocuments() else { return (nil, nil) }
        do throws(SchemaErrors) {
            let schema = try Schema.build(documents: documents, builtIns: BuiltInDirectives.definitions)
            return (schema, mapping(of: schema, routes, profiles))
        } catch {
            for problem in error.problems { report(problem) }
            _ = mapping(of: error.schema, routes, profiles, besides: error.problems)
            return (nil, nil)
        }
    }

    /// The mapping of a schema; nil where there are problems. They are reported, but for those at places of `known` ones
    /// and those with routes that are wrong themselves.
    private mutating func mapping(
        of schema: Schema, _ routes: RouteDescriptions, _ profiles: ProfileSet, besides known: [SchemaProblem] = []
    ) -> MappedSchema? {
        do throws(MappingErrors) {
            var table = grantTable()
            table.add(namesIn: schema)
            let authorization = Authorization(
                isOn: configuration.auth != nil, deniesByDefault: configuration.auth?.deniesByDefault ?? false,
                table: table)
            let mapping = try MappedSchema(
                schema: schema, routes: routes.complete, profiles: profiles, authorization: authorization)
            checkAuthorization(mapping)
            return mapping
        } catch {
            let broken = configuration.unreadableRoutes.union(routes.broken)
            for problem in error.schema
            where !broken.contains(where: { problem.message.contains("\"\($0)\"") })
                && !known.contains(where: { $0.file == problem.file && $0.offset == problem.offset })
            { report(problem) }
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
