import Configuration
import Foundation
import OpenAPI
import Testing

@Suite("Schemas of OpenAPI as GraphQL types")
struct SchemaTests {
    @Test(arguments: [
        ("{type: string}", "String"), ("{type: string, format: uuid}", "String"), ("{type: boolean}", "Boolean"),
        ("{type: number, format: float}", "Float"), ("{type: integer, format: int32}", "Int"),
        ("{type: integer}", "Int"), ("{type: integer, format: int64}", "Int64"),
        ("{type: integer, maximum: 4294967295}", "Int64"), ("{type: integer, maximum: 100}", "Int"),
        ("{type: integer, example: 99999999999999999999}", "Int64"), ("{type: integer, format: unix-time}", "Int64"),
        ("{type: object}", "JSON"), ("{}", "JSON"), ("true", "JSON"), ("{type: [string, integer]}", "JSON"),
        ("{type: [integer, number]}", "Float"), ("{const: dog}", "String"), ("{const: 4}", "Int"),
        ("{type: object, additionalProperties: {type: string}}", "JSON"),
        ("{additionalProperties: {type: string}}", "JSON"),
        ("{type: array, items: {type: string}}", "[String!]"), ("{type: array}", "[JSON]"),
        ("{items: {type: integer}}", "[Int!]"), ("{type: array, items: {}}", "[JSON]"),
        ("{type: array, items: {type: array, items: {type: boolean}}}", "[[Boolean!]!]"),
        ("{type: array, items: {type: string, nullable: true}}", "[String]"),
        ("{type: string, enum: [a, b]}", "ThingResultX"), ("{enum: [a, b, null]}", "ThingResultX"),
        ("{type: string, enum: [a, b-c]}", "String"), ("{type: string, enum: [a, 'true']}", "String"),
        ("{type: string, enum: ['1', '2']}", "String"), ("{type: string, enum: [only]}", "String"),
        ("{enum: [1, 2]}", "Int"), ("{enum: [1, 5000000000]}", "Int64"), ("{enum: [1, 2.5]}", "Float"),
        ("{enum: [true, false]}", "Boolean"), ("{enum: [a, 1]}", "JSON"), ("{enum: [on, off]}", "ThingResultX"),
        ("{type: object, properties: {a: {type: string}}}", "ThingResultX"),
        ("{properties: {a: {type: string}}}", "ThingResultX"),
        ("{type: object, properties: {a.b: {type: string}}}", "JSON"),
        ("{oneOf: [{type: string}, {type: 'null'}]}", "String"),
        ("{oneOf: [{type: integer}, {type: number}]}", "Float"),
        ("{oneOf: [{type: string}, {type: integer}]}", "JSON"),
        ("{anyOf: [{type: string, maxLength: 5}, {type: string, enum: [a, b]}]}", "String"),
        ("{allOf: [{type: string}, {maxLength: 5}]}", "String"),
        ("{not: {type: string}}", "JSON"), ("{type: potato}", "JSON"),
    ])
    func `a property's schema is its field's type`(schema: String, type: String) throws {
        let imported = Imported.property(schema)
        #expect(Imported.type(of: "x", in: imported.schema) == type, "\(imported.report.text)")
        try Imported.check(#require(imported.schema))
    }

    @Test(arguments: [
        ("{type: string}", "String!"), ("{type: string, nullable: true}", "String"),
        ("{type: [string, 'null']}", "String"), ("{type: ['null', integer]}", "Int"),
        ("{$ref: '#/components/schemas/Plain'}", "Plain!"), ("{$ref: '#/components/schemas/Three'}", "Three"),
        ("{$ref: '#/components/schemas/One'}", "Plain"),
        ("{allOf: [{$ref: '#/components/schemas/Plain'}], nullable: true}", "Plain"),
        ("{allOf: [{$ref: '#/components/schemas/Plain'}]}", "Plain!"),
        (
            "{allOf: [{$ref: '#/components/schemas/Plain'}, {type: object, properties: {b: {type: string}}}]}",
            "ThingResultX!"
        ),
        ("{anyOf: [{$ref: '#/components/schemas/Plain'}, {type: 'null'}]}", "Plain"),
        ("{oneOf: [{$ref: '#/components/schemas/Plain'}]}", "Plain!"),
        ("{enum: [a, b, null]}", "ThingResultX"), ("{type: string, enum: [a, b, null]}", "ThingResultX!"),
        ("{}", "JSON"), ("{type: object}", "JSON!"), ("{nullable: true}", "JSON"), ("{const: null}", "JSON"),
        ("{$ref: '#/components/schemas/Plain', nullable: true}", "Plain"),
    ])
    func `what is required and not nullable is Non-Null, in the words of both versions`(schema: String, type: String)
        throws
    {
        let components = """
            {Plain: {type: object, properties: {a: {type: string}}},
             Three: {type: object, nullable: true, properties: {a: {type: string}}},
             One: {anyOf: [{type: 'null'}, {$ref: '#/components/schemas/Plain'}]}}
            """.replacing("\n", with: "")
        let imported = Imported.property(schema, components: components, required: true)
        #expect(Imported.type(of: "x", in: imported.schema) == type)
        try Imported.check(#require(imported.schema))
    }

    @Test func `allOf is one object, later parts win, and a description takes no type away`() throws {
        let imported = Imported.property(
            "{$ref: '#/components/schemas/C'}",
            components: """
                {A: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}},
                 B: {type: object, properties: {b: {type: integer}, c: {type: boolean}}},
                 C: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'},
                     {required: [c], properties: {a: {description: An a}, d: {$ref: '#/components/schemas/C'}}}]}}
                """.replacing("\n", with: ""))
        let schema = try #require(imported.schema)
        #expect(schema.contains("type C {\n  a: String!\n  b: Int\n  c: Boolean!\n  d: C\n}"))
        #expect(!schema.contains("type A") && !schema.contains("type B"), "only what is answered is written")
        try Imported.check(schema)
    }

    static let animals = """
        {Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}},
         Dog: {type: object, required: [kind], properties: {kind: {type: string}, tail: {type: boolean}}},
         Fish: {type: object, required: [kind], properties: {kind: {const: fish}, fins: {type: integer}}},
         Bird: {type: object, required: [kind], properties: {kind: {enum: [bird, fowl]}, wings: {type: integer}}}}
        """.replacing("\n", with: "")

    @Test(arguments: [
        (
            "{oneOf: [C, D], discriminator: {propertyName: kind}}",
            "union ThingResultX @kind(path: \"kind\", map: {Cat: \"Cat\", Dog: \"Dog\"}) = Cat | Dog"
        ),
        (
            "{anyOf: [C, D], discriminator: {propertyName: kind, mapping: {c: '#/components/schemas/Cat', kitten: Cat, d: Dog}}}",
            "union ThingResultX @kind(path: \"kind\", map: {Cat: [\"c\", \"kitten\"], Dog: \"d\"}) = Cat | Dog"
        ),
        (
            "{oneOf: [C, D], discriminator: {propertyName: kind, mapping: {c: Cat}}}",
            "union ThingResultX @kind(path: \"kind\", map: {Cat: \"c\", Dog: \"Dog\"}) = Cat | Dog"
        ),
        (
            "{oneOf: [F, B]}",
            "union ThingResultX @kind(path: \"kind\", map: {Fish: \"fish\", Bird: [\"bird\", \"fowl\"]}) = Fish | Bird"
        ),
        (
            "{oneOf: [F, B, {type: 'null'}], discriminator: {propertyName: kind}}",
            "union ThingResultX @kind(path: \"kind\", map: {Fish: \"fish\", Bird: [\"bird\", \"fowl\"]}) = Fish | Bird"
        ),
    ])
    func `objects that can be told apart are a union`(schema: String, union: String) throws {
        var written = schema
        for (short, name) in [("C", "Cat"), ("D", "Dog"), ("F", "Fish"), ("B", "Bird")] {
            written = written.replacing("[\(short),", with: "[{$ref: '#/components/schemas/\(name)'},")
                .replacing(" \(short)]", with: " {$ref: '#/components/schemas/\(name)'}]")
                .replacing(" \(short),", with: " {$ref: '#/components/schemas/\(name)'},")
        }
        let imported = Imported.property(written, components: Self.animals)
        #expect(imported.schema?.contains(union) == true, "\(imported.schema ?? "")\(imported.report.text)")
        try Imported.check(#require(imported.schema))
    }

    @Test func `a base schema that lists what extends it is an interface, whose list merges into none of them`() throws
    {
        let imported = Imported.property(
            "{$ref: '#/components/schemas/Pet'}",
            components: """
                {Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind},
                 oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]},
                 Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]},
                 Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tail: {type: boolean}}}]}}
                """.replacing("\n", with: ""))
        let schema = try #require(imported.schema)
        #expect(
            schema.contains(
                "interface Pet @kind(path: \"kind\", map: {Cat: \"Cat\", Dog: \"Dog\"}) {\n  kind: String!\n}"))
        #expect(schema.contains("type Cat implements Pet {\n  kind: String!\n  lives: Int\n}"), "\(schema)")
        try Imported.check(schema)
    }

    @Test func `objects that nothing tells apart are JSON, and a warning says so at its place`() throws {
        let imported = Imported.property(
            "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}",
            components: Self.animals)
        #expect(Imported.type(of: "x", in: imported.schema) == "JSON")
        #expect(
            imported.report.problems.map(\.summary) == [
                "api.yaml:12:54: warning: nothing tells these alternatives apart (give them a discriminator); the field is JSON"
            ])
    }

    @Test func `alternatives beside properties are merged as fields that may be missing`() throws {
        let imported = Imported.property(
            """
            {type: object, required: [id], properties: {id: {type: string}}, oneOf: [{required: [n, c], properties: {n: {type: string},
             c: {type: string}}}, {properties: {m: {type: integer}, c: {type: boolean}}}, {required: [id]}]}
            """.replacing("\n", with: ""))
        let schema = try #require(imported.schema)
        #expect(schema.contains("{\n  id: ID!\n  n: String\n  c: JSON\n  m: Int\n}"), "\(schema)")
    }

    @Test func `names that are taken or no names are changed, and fields say where they read`() throws {
        let imported = Imported.property(
            "{$ref: '#/components/schemas/Query'}",
            components: """
                {Query: {type: object, required: [a-b, aB, '1st', '@id', '', __v, 'a b', ü, ok],
                 properties: {a-b: {type: string}, aB: {type: string}, 1st: {type: string}, '@id': {type: string},
                 '': {type: string}, __v: {type: string}, 'a b': {type: string}, ü: {type: string}, ok: {type: string},
                 child: {$ref: '#/components/schemas/string'}}}, string: {type: object, properties: {a: {type: string}}}}
                """.replacing("\n", with: ""))
        let schema = try #require(imported.schema)
        #expect(
            schema.contains(
                """
                type Query2 {
                  aB2: String! @from(path: "a-b")
                  aB: String!
                  _1st: String! @from(path: "1st")
                  id: String! @from(path: "@id")
                  _v: String! @from(path: "__v")
                  aB3: String! @from(path: "a b")
                  value: String! @from(path: "ü")
                  ok: String!
                  child: String2
                }
                """), "\(schema)")
        try Imported.check(schema)
        #expect(imported.report.warnings == 1, "the property without a name")
    }
}
