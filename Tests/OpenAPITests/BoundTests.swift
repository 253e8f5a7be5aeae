import Configuration
import Foundation
import OpenAPI
import TestSupport
import Testing

@Suite("Documents that are wrong, large or hostile")
struct BoundTests {
    @Test(arguments: [
        ("", "api.yaml:1:1: error: the file is empty"),
        ("[]", "api.yaml:1:1: error: this is no OpenAPI document: it has no \"openapi\"; OpenAPI 3.0 and 3.1 are read"),
        ("swagger: '2.0'", "api.yaml:1:10: error: this is Swagger 2.0; OpenAPI 3.0 and 3.1 are read"),
        ("openapi: 4.0.0", "api.yaml:1:10: error: OpenAPI 4.0.0 is not read; 3.0 and 3.1 are"),
        ("openapi: 3.1.0", "api.yaml:1:1: error: the document has no \"paths\""),
        (
            "openapi: 3.1.0\npaths: {}",
            "api.yaml:2:8: error: no GET operation that answers JSON; a GraphQL schema needs one field to query"
        ),
        ("a: *b", "api.yaml:1:4: error: no anchor \"&b\" stands above this alias"),
        (
            "{\"openapi\": \"3.1.0\", \"openapi\": 1}",
            "api.yaml:1:22: error: duplicate key \"openapi\"; the first one is at line 1, column 2"
        ),
    ])
    func `what can't be read is an error with its place`(text: String, problem: String) {
        let imported = Imported.document(text)
        #expect(imported.report.problems.map(\.summary) == [problem])
        #expect(imported.configuration == nil && imported.schema == nil)
    }

    @Test(arguments: [
        ("https://a.example/v1/", "https://a.example/v1"), ("/v2", "http://127.0.0.1:8000/v2"),
        ("'https://{r}/v1'", "http://127.0.0.1:8000"), ("'https://eu:,/v1'", "http://127.0.0.1:8000"),
        ("http://a/../b", "http://127.0.0.1:8000"), ("/../b", "http://127.0.0.1:8000"),
        ("https://user@a.example", "http://127.0.0.1:8000"), ("https://a.example/?x", "http://127.0.0.1:8000"),
        ("ftp://a.example", "http://127.0.0.1:8000"), ("'https://a.example/${HOME}'", "http://127.0.0.1:8000"),
    ])
    func `a server's URL is used where it can be one`(server: String, url: String) throws {
        let imported = Imported.document(
            """
            openapi: 3.0.3
            servers: [{url: \(server)}]
            paths: {/a: {get: {responses: {'200': {content: {application/json: {}}}}}}}
            """)
        #expect(
            imported.configuration?.contains("    url: \"${API_URL:-\(url)}\"\n") == true, "\(imported.report.text)")
        try Imported.check(imported, "\(server)")
    }

    @Test func `references that go in circles, nowhere or elsewhere are warnings`() throws {
        for (reference, message) in [
            ("'#/components/schemas/A'", "back to itself"), ("'#/nowhere'", "leads to nothing"),
            ("'other.yaml#/A'", "another document"), ("'#anchor'", "an anchor"),
            ("'#/paths/~1thing/get/9'", "leads to nothing"),
        ] {
            let imported = Imported.property(
                "{$ref: \(reference)}",
                components: "{A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}")
            #expect(Imported.type(of: "x", in: imported.schema) == "JSON", "\(reference)")
            #expect(imported.report.errors == 0 && imported.report.problems.contains { $0.message.contains(message) })
        }
    }

    @Test func `schemas that contain themselves every way come to an end`() throws {
        for schema in [
            "{allOf: [{$ref: '#/components/schemas/A'}]}", "{oneOf: [{$ref: '#/components/schemas/A'}]}",
            "{allOf: [{$ref: '#/components/schemas/A'}, {properties: {a: {$ref: '#/components/schemas/A'}}}]}",
            "{type: array, items: {$ref: '#/components/schemas/A'}}",
            "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}",
            "{type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/A'}}}}",
            "{discriminator: {propertyName: a}, properties: {a: {type: string}}, allOf: [{$ref: '#/components/schemas/A'}]}",
        ] {
            let components = "{A: \(schema)}"
            let imported = Imported.property("{$ref: '#/components/schemas/A'}", components: components, required: true)
            try Imported.check(#require(imported.schema, "\(imported.report.text)"))
            try Imported.check(
                #require(Imported.body("{$ref: '#/components/schemas/A'}", components: components).schema))
        }
    }

    @Test func `input objects that need each other are opened where their circle closes`() throws {
        let components = """
            {A: {type: object, required: [b, c], properties: {b: {$ref: '#/components/schemas/B'}, c: {type: string}}},
             B: {type: object, required: [a, b], properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}}
            """.replacing("\n", with: "")
        let schema = try #require(Imported.body("{$ref: '#/components/schemas/A'}", components: components).schema)
        #expect(
            schema.contains(
                "input AInput {\n  b: BInput!\n  c: String!\n}\n\ninput BInput {\n  a: AInput\n  b: BInput\n}"))
        try Imported.check(schema)
    }

    @Test func `merging that doubles at every step takes time in proportion to the document`() throws {
        for key in ["allOf", "oneOf", "anyOf"] {
            var components = "{Z: {type: object, properties: {a: {type: string}}}"
            for level in 0..<40 {
                let next = level == 39 ? "Z" : "L\(level + 1)"
                let reference = "{$ref: '#/components/schemas/\(next)'}"
                components +=
                    ", L\(level): {\(key): [\(reference), \(reference), {properties: {p\(level): {type: string}}}]}"
            }
            let imported = Imported.property("{$ref: '#/components/schemas/L0'}", components: components + "}")
            try Imported.check(#require(imported.schema))
        }
    }

    @Test func `many schemas that all merge a large one are refused, not written`() {
        let properties = (0..<2_000).map { "p\($0): {type: string}" }.joined(separator: ", ")
        var components = "{Base: {type: object, properties: {\(properties)}}"
        for number in 0..<200 {
            components +=
                ", S\(number): {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {q: {type: string}}}]}"
        }
        let references = (0..<200).map { "a\($0): {$ref: '#/components/schemas/S\($0)'}" }.joined(separator: ", ")
        let imported = Imported.property("{type: object, properties: {\(references)}}", components: components + "}")
        #expect(imported.schema == nil && imported.report.problems.contains { $0.message.contains("too many") })
    }

    @Test func `deep nesting and alias bombs are errors`() {
        let deep = Imported.document("openapi: 3.1.0\npaths: " + String(repeating: "[", count: 100_000))
        #expect(deep.report.problems.contains { $0.message.contains("levels deep") })
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<20 {
            bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }
        #expect(Imported.document(bomb).report.problems.contains { $0.message.contains("aliases make this document") })
    }

    @Test func `a document of some megabytes is read`() throws {
        var text = "openapi: 3.0.3\ninfo: {title: Large, version: '1'}\npaths:\n"
        for number in 0..<1_500 {
            text += """
                  /things\(number)/{id}:
                    get:
                      description: >-
                        \(String(repeating: "A text that says what this is. ", count: 8))
                      parameters: [{name: id, in: path, required: true, schema: {type: integer, format: int64}}]
                      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S\(number)'}}}}}

                """
        }
        text += "components:\n  schemas:\n"
        for number in 0..<1_500 {
            text +=
                "    S\(number): {type: object, properties: {next: {$ref: '#/components/schemas/S\((number * 7 + 1) % 1_500)'}, name: {type: string}}}\n"
        }
        let imported = Imported.document(text)
        #expect(imported.report.problems.isEmpty)
        #expect(imported.schema?.contains("type S1499 {") == true)
    }

    @Test func `JSON is read with all its escapes`() throws {
        let imported = Imported.document(
            #"{"openapi": "3.1.0", "info": {"title": "A \ud83d\ude00 \\ud83d\/"}, "paths": {"\/a": {"get": {"operationId": "a","#
                + "\n\t"
                + #""summary":"\ud83d\udc19\ud83d\udc19 \u00e9\t\"x\"","responses":{"200":{"content":{"application/json":{"schema":{"type":"string"}}}}}}}}}"#
        )
        let schema = try #require(imported.schema, "\(imported.report.text)")
        #expect(schema.contains("# The schema of A 😀 \\ud83d/,") && schema.contains("🐙🐙 é"))
        try Imported.check(schema)
    }

    @Test func `whatever a document says, what is made of it passes check`() throws {
        let first = UInt64.random(in: 0..<1 << 32)
        for seed in first..<first + 100 {
            var random = RandomDocument(seed: seed)
            let text = random.text()
            let imported = Imported.document(text)
            try Imported.check(imported, "seed \(seed)\n\(imported.report.hasErrors ? imported.report.text : "")")
        }
    }

    @Test func `documents cut off or changed anywhere are read without harm`() throws {
        let file = GoldenTests.folder.appending(path: "cms.yaml")
        let bytes = Array(try Data(contentsOf: file))
        var random = Seeded(.random(in: 0 ... .max))
        func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
        for round in 0..<150 {
            var changed = bytes
            for _ in 0...next(4) {
                let place = next(changed.count)
                switch next(3) {
                case 0: changed[place] = UInt8(truncatingIfNeeded: next(128))
                case 1: changed.removeSubrange(place..<min(changed.count, place + next(30)))
                default:
                    changed.insert(
                        contentsOf: changed[place..<min(changed.count, place + next(60))], at: next(changed.count))
                }
            }
            let imported = Imported.document(String(decoding: changed, as: UTF8.self))
            if let schema = imported.schema { try Imported.check(schema) }
            #expect((imported.schema == nil) == imported.report.hasErrors, "\(random), round \(round)")
        }
    }
}
