import Foundation
import TestSupport
import Testing

@testable import Configuration

private typealias Golden = `gateway.yaml: problems and their places`

/// `sluice config-schema` against what `sluice check` does, by a validator of its own: Python's jsonschema.
@Suite("The JSON Schema of gateway.yaml")
struct SchemaTests {
    /// Files with errors that one value at a time doesn't show: references, values that must fit together, what stands
    /// inside a text, what YAML makes an error of before there is a value.
    static let beyondSchemas: Set<String> = [
        "backoff-order", "door-needs-schema", "doors-alike", "duplicate-keys", "environment", "key-is-a-list",
        "listeners-collide", "rate-limits-alone", "redis-cleartext", "redis-host",
        "redis-name-alone", "redis-user", "route-unknown-upstream", "targets-and-routes",
    ]

    /// A file of `Golden` as the readers see it.
    struct Reading {
        var name: String
        /// Nil where it isn't YAML.
        var json: Any?
        var hasErrors: Bool
        var knownKeys: [String: [String]]
    }

    static func read(_ name: String, _ bytes: [UInt8]) -> Reading {
        let problems = ProblemCollector(file: name)
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        var composer = YAMLComposer(text, environment: Golden.environment, problems: problems)
        let root = try? composer.compose()
        if let root { _ = GatewayConfiguration.read(root, problems: problems) }
        let hasErrors = root == nil || problems.problems.contains { $0.severity == .error }
        return Reading(name: name, json: root?.json, hasErrors: hasErrors, knownKeys: problems.knownKeys)
    }

    private static func readings() -> [Reading] {
        Golden.names.compactMap { name in
            let file = Golden.folder.appending(path: "\(name).yaml")
            return (try? Data(contentsOf: file)).map { read(name, Array($0)) }
        }
    }

    /// What the validator says of each: the errors by the files' names.
    static func validate(_ instances: [(String, Any)]) throws -> [String: [String]] {
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator
            work = json.load(sys.stdin)
            Draft202012Validator.check_schema(work["schema"])
            validator = Draft202012Validator(work["schema"])
            print(json.dumps({name: [f"{'.'.join(map(str, e.absolute_path))}: {e.message}"
                                     for e in validator.iter_errors(value)] for name, value in work["instances"]}))
            """
        let schema = try JSONSerialization.jsonObject(with: Data(ConfigurationSchema.text.utf8))
        let work = ["schema": schema, "instances": instances.map { [$0.0, $0.1] }]
        let answer = try Python.run(["-c", script], input: JSONSerialization.data(withJSONObject: work))
        return try #require(try JSONSerialization.jsonObject(with: answer) as? [String: [String]])
    }

    @Test func `it has the keys that the readers know, and no others`() {
        var known: [String: [String]] = [:]
        for reading in Self.readings() { known.merge(reading.knownKeys) { first, _ in first } }
        var described: [String: [String]] = [:]
        ConfigurationSchema.root.forEachObject(at: "") { described[$0] = $1 }
        for (path, keys) in known {
            #expect(
                Set(keys) == Set(described[path] ?? []),
                "\(path.isEmpty ? "the file" : path): describe its keys in Sources/Configuration/Schema")
        }
        for path in described.keys where known[path] == nil {
            Issue.record("\(path): no file of Golden has this block; write it into everything.yaml")
        }
    }

    @Test func `every key is described`() throws {
        let text = ConfigurationSchema.text
        #expect(text.hasPrefix("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"))
        try Self.checkDescriptions(
            of: try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]), "")
    }

    private static func checkDescriptions(of schema: [String: Any], _ path: String) throws {
        for (name, property) in schema["properties"] as? [String: Any] ?? [:] {
            let property = try #require(property as? [String: Any])
            #expect((property["description"] as? String)?.hasSuffix(".") == true, "\(path).\(name)")
            try checkDescriptions(of: property, "\(path).\(name)")
        }
        let items = [schema["items"], schema["additionalProperties"]].compactMap { $0 }
        for case let other as [String: Any] in items + (schema["anyOf"] as? [Any] ?? []) {
            try checkDescriptions(of: other, path + ".*")
        }
    }

    @Test func `it refuses nothing that check accepts, and what is wrong by itself both refuse`() throws {
        let readings = Self.readings()
        let instances = readings.compactMap { reading in reading.json.map { (reading.name, $0) } }
        let verdicts = try Self.validate(instances)
        for reading in readings {
            guard let errors = verdicts[reading.name] else {
                #expect(reading.hasErrors, "\(reading.name) isn't YAML")
                continue
            }
            if !reading.hasErrors {
                #expect(errors.isEmpty, "\(reading.name): check accepts it")
            } else if Self.beyondSchemas.contains(reading.name) {
                #expect(errors.isEmpty, "\(reading.name): the schema sees it after all; take it from the list")
            } else {
                #expect(!errors.isEmpty, "\(reading.name): the schema accepts it")
            }
        }
        for name in Self.beyondSchemas { #expect(Golden.names.contains(name), "\(name) is gone") }
    }

    @Test func `the repository's own configurations are valid`() throws {
        let root = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readings = try ["gateway.yaml", "Benchmarks/peer/gateway.yaml"].map { name in
            Self.read(name, Array(try Data(contentsOf: root.appending(path: name))))
        }
        let verdicts = try Self.validate(readings.compactMap { reading in reading.json.map { (reading.name, $0) } })
        #expect(verdicts.count == 2)
        for (name, errors) in verdicts { #expect(errors.isEmpty, "\(name)") }
    }
}

extension YAMLNode {
    /// The node as an editor's validator gets it: with variables as they are written.
    fileprivate var json: Any {
        if let writtenText { return writtenText }
        switch content {
        case .sequence(let items): return items.map(\.json)
        case .mapping(let pairs):
            return Dictionary(pairs.map { ($0.key.scalarText, $0.value.json) }, uniquingKeysWith: { _, last in last })
        case .scalar(let text, .plain):
            switch CoreScalar(plain: text) {
            case .null: return NSNull()
            case .boolean(let value): return value
            case .integer(let value): return value
            case .number(_, let value): return value
            case .notFinite, .text: return text
            }
        case .scalar(let text, _): return text
        }
    }

    private var scalarText: String {
        if case .scalar(let text, _) = content { return writtenText ?? text }
        return "a key that is no text"
    }
}
