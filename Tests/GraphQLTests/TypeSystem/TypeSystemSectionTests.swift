import GraphQL
import Testing

// Each section of §3 that is about definitions; what values its types take is in InputCoercionTests.

private let query = "type Query { a: Int }\n"

private func isValid(_ sdl: String) throws -> Bool { try schemaProblems(query + sdl).isEmpty }

@Suite("GraphQL §3.1 Type System Extensions")
struct TypeSystemExtensionTests {
    @Test func `extensions stand before or behind what they extend, in any document`() throws {
        let schema = try schema("extend type T { b: Int }", "type Query { t: T } type T { a: Int }")
        #expect(schema.type(named: "T")?.fields.names == ["a", "b"])
    }

    @Test(arguments: ["extend type Nope { a: Int }", "extend directive @d on FIELD", "extend type Query"])
    func `an extension extends something that is there, by something`(sdl: String) {
        #expect((try? schema(query + sdl)) == nil)
    }
}

@Suite("GraphQL §3.2 Type System Descriptions")
struct TypeSystemDescriptionTests {
    @Test func `every definition has its description`() throws {
        let schema = try schema(
            """
            "s" schema { query: Query }
            "t" type Query implements N { "f" a("x" b: Int): Int } "n" interface N { a(b: Int): Int } "u" union U = Query
            "e" enum E { "v" A } "i" input I { "m" a: Int } "c" scalar S
            \"""
              d
               e
            \"""
            directive @d("y" z: Int) on FIELD
            """)
        #expect(schema.description == "s")
        #expect(
            ["Query", "N", "U", "E", "I", "S"].map { schema.types[$0]?.description } == ["t", "n", "u", "e", "i", "c"])
        let field = try #require(schema.queryType.fields["a"])
        #expect(field.description == "f" && field.arguments["b"]?.description == "x")
        #expect(schema.type(named: "E")?.values["A"]?.description == "v")
        #expect(schema.type(named: "I")?.inputFields["a"]?.description == "m")
        #expect(schema.directives["d"]?.description == "d\n e")
        #expect(schema.directives["d"]?.arguments["z"]?.description == "y")
    }
}

@Suite("GraphQL §3.3 Schema")
struct SchemaSectionTests {
    @Test(arguments: [
        ("type T { a: Int } scalar T", false), ("type Boolean { a: Int }", false), ("enum __TypeKind { A }", false),
        ("directive @a on FIELD directive @a on QUERY", false), ("type T { a: Int } directive @T on FIELD", true),
        ("type __T { a: Int }", false), ("directive @__d on FIELD", false), ("type T_ { a: Int }", true),
    ])
    func `names of types and of directives are unique and not reserved`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.3.1 Root Operation Types")
struct RootOperationTypeTests {
    @Test(arguments: [
        ("type Mutation { a: Int } type Subscription { a: Int }", true), ("schema { query: Query }", true),
        ("schema { query: Query mutation: Query }", false), ("schema { mutation: Query }", false),
        ("schema { query: Query } schema { query: Query }", false), ("schema { query: Query query: Query }", false),
        ("schema { query: Query mutation: E } enum E { A }", false),
        ("schema { query: Query subscription: Nope }", false),
    ])
    func `there is a query type, the three are objects and differ`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }

    @Test func `without a definition the default names count, with one only what it names`() throws {
        let implicit = try schema("type Query { a: Int } type Mutation { a: Int }")
        #expect(implicit.mutationType?.name == "Mutation" && implicit.subscriptionType == nil)
        let explicit = try schema("schema { query: Query } type Query { a: Mutation } type Mutation { a: Int }")
        #expect(explicit.mutationType == nil)
    }
}

@Suite("GraphQL §3.3.2 Schema Extension")
struct SchemaExtensionTests {
    @Test func `a schema is extended by operations and directives`() throws {
        let schema = try schema(
            "schema @a { query: Query } extend schema @b { mutation: M } directive @a on SCHEMA directive @b on SCHEMA",
            "type Query { a: Int } type M { a: Int }")
        #expect(schema.mutationType?.name == "M" && schema.appliedDirectives.map(\.name) == ["a", "b"])
    }

    @Test(arguments: [
        "schema { query: Query } extend schema { query: T } type T { a: Int }",
        "schema @a { query: Query } extend schema @a directive @a on SCHEMA", "extend schema @nope",
    ])
    func `nothing is given twice, and directives exist`(sdl: String) throws { #expect(try !isValid(sdl)) }
}

@Suite("GraphQL §3.4 Types")
struct TypeKindTests {
    @Test func `there are six kinds of named types`() throws {
        let schema = try schema(
            query
                + "scalar A type B { a: Int } interface C { a: Int } union D = B enum E { X } input F { a: Int }")
        #expect(
            ["A", "B", "C", "D", "E", "F"].map { schema.types[$0]?.kind }
                == [.scalar, .object, .interface, .union, .enum, .inputObject])
        #expect(schema.types.filter(\.isLeaf).map(\.name).prefix(2) == ["A", "E"])
        #expect(
            ["A", "B", "C", "D", "E", "F"].map { schema.types[$0]?.isComposite == true } == [
                false, true, true, true, false, false,
            ])
    }
}

@Suite("GraphQL §3.4.1 Wrapping Types")
struct WrappingTypeTests {
    @Test func `lists and Non-Nulls wrap a named type, at any depth`() throws {
        let schema = try schema("type Query { a: [[Query!]!]! }")
        let type = try #require(schema.queryType.fields["a"]?.type)
        #expect(type.isNonNull && type.isList && type.namedType == "Query")
        #expect(type.itemType?.description == "[Query!]!" && type.itemType?.itemType?.nullable.description == "Query")
    }
}

@Suite("GraphQL §3.4.2 Input and Output Types")
struct InputOutputTypeTests {
    static let kinds = "scalar A type B { a: Int } interface C { a: Int } union D = B enum E { X } input F { a: Int } "

    @Test(arguments: [("A", true), ("B", false), ("C", false), ("D", false), ("E", true), ("F", true)])
    func `scalars, enums and input objects are input types`(name: String, isInput: Bool) throws {
        for type in [name, "[\(name)!]!"] {
            #expect(try isValid("\(Self.kinds) type T { a(b: \(type)): Int }") == isInput)
            #expect(try isValid("\(Self.kinds) input I { a: \(type) x: Int }") == isInput)
        }
    }

    @Test(arguments: [("A", true), ("B", true), ("C", true), ("D", true), ("E", true), ("F", false)])
    func `all but input objects are output types`(name: String, isOutput: Bool) throws {
        for type in [name, "[\(name)!]!"] { #expect(try isValid("\(Self.kinds) type T { a: \(type) }") == isOutput) }
    }
}

@Suite("GraphQL §3.4.3 Type Extensions")
struct TypeExtensionTests {
    static let kinds = [
        ("scalar", "T @a"), ("type", "T { a: Int }"), ("interface", "T { a: Int }"), ("union", "T = Query"),
        ("enum", "T { A }"), ("input", "T { a: Int }"),
    ]

    @Test(arguments: kinds.map(\.0))
    func `an extension is of the kind of what it extends`(kind: String) throws {
        let body = try #require(Self.kinds.first { $0.0 == kind }).1
        for (other, _) in Self.kinds {
            let sdl = "\(kind) \(body) extend \(other) T @b \(Self.directives)"
            #expect(try isValid(sdl) == (kind == other), "\(sdl)")
        }
    }

    private static let directives = "directive @a on SCALAR directive @b on \(places) "
    private static let places = "SCALAR | OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT"
}

@Suite("GraphQL §3.5 Scalars")
struct ScalarTests {
    @Test func `the five are there unless a document repeats them, others are custom`() throws {
        let schema = try schema(query + "scalar Date scalar Int")
        for name in ["Int", "Float", "String", "Boolean", "ID", "Date"] {
            #expect(schema.type(named: name)?.kind == .scalar)
        }
        #expect(schema.types.names.filter { $0 == "Int" }.count == 1)
        #expect(try !isValid("enum ID { A }"))
    }
}

@Suite("GraphQL §3.5.6 Scalar Extensions")
struct ScalarExtensionTests {
    @Test(arguments: [
        ("scalar S extend scalar S @specifiedBy(url: \"u\")", true),
        ("extend scalar S @specifiedBy(url: \"u\")", false),
        ("scalar S @specifiedBy(url: \"u\") extend scalar S @specifiedBy(url: \"v\")", false),
    ])
    func `a scalar is extended by directives, none twice`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.6 Objects")
struct ObjectTests {
    @Test(arguments: [
        ("type T", false), ("type T { a: Int a: Int }", false), ("type T { a: T b: [T!]! }", true),
        ("type T { a: Nope }", false), ("type T { A: Int a: Int }", true),
    ])
    func `an object has fields, each once, of an output type`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }

    @Test func `fields keep their order`() throws {
        #expect(try schema("type Query { c: Int a: Int b: Int }").queryType.fields.names == ["c", "a", "b"])
    }
}

@Suite("GraphQL §3.6.1 Field Arguments")
struct FieldArgumentTests {
    @Test(arguments: [
        ("type T { a(b: Int, c: [String!]! = []): Int }", true), ("type T { a(b: Int b: Int): Int }", false),
        ("type T { a(__b: Int): Int }", false), ("type T { a(b: T): Int }", false),
        ("type T { a(b: Int = \"x\"): Int }", false), ("type T { a(b: Int! = null): Int }", false),
        ("type T { a(b: Int! @deprecated): Int }", false), ("type T { a(b: Int! = 1 @deprecated): Int }", true),
    ])
    func `arguments are unique, of input types, with defaults that fit`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.6.2 Field Deprecation")
struct FieldDeprecationTests {
    @Test func `a deprecated field can still be selected`() throws {
        let schema = try schema("type Query { a: Int @deprecated b: Int @deprecated(reason: \"c\") }")
        #expect(schema.queryType.fields.map(\.deprecationReason) == ["No longer supported", "c"])
        #expect(try validationErrors("{ a b }", schema: schema) == [])
    }
}

@Suite("GraphQL §3.6.3 Object Extensions")
struct ObjectExtensionTests {
    @Test(arguments: [
        ("type T { a: Int } extend type T { b: Int } extend type T implements I interface I { a: Int }", true),
        ("type T { a: Int } extend type T { a: Int }", false),
        ("type T { a: Int } extend type T { b: Int b: Int }", false),
        ("type T implements I { a: Int } extend type T implements I interface I { a: Int }", false),
        ("type T { a: Int } extend type T implements I interface I { b: Int }", false),
        ("type T @d { a: Int } extend type T @d directive @d on OBJECT", false),
        ("type T @d { a: Int } extend type T @d directive @d repeatable on OBJECT", true),
    ])
    func `what is added wasn't there, and the result is valid`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.7 Interfaces")
struct InterfaceTests {
    @Test(arguments: [
        ("interface I", false), ("interface I { a: Int }", true), ("interface I implements I { a: Int }", false),
        ("interface I implements J { a: Int } interface J { a: Int }", true),
        ("interface I implements J { a: Int } interface J implements I { a: Int }", false),
        ("interface J { a: Int } interface I implements J { a: Int } type T implements I { a: Int }", false),
        ("interface J { a: Int } interface I implements J { a: Int } type T implements I & J { a: Int }", true),
        ("interface I { a: I } type T implements I { a: T! }", true),
        ("interface I { a: U } union U = T type T implements I { a: T }", true),
        ("interface I { a: [Int] } type T implements I { a: [Int!]! }", true),
        ("interface I { a: [Int!] } type T implements I { a: [Int] }", false),
        ("interface I { a(b: Int): Int } type T implements I { a(b: Int c: Int): Int }", true),
        ("interface I { a(b: Int): Int } type T implements I { a(b: Int c: Int!): Int }", false),
        ("interface I { a(b: Int!): Int } type T implements I { a(b: Int): Int }", false),
    ])
    func `who implements an interface has its fields, as narrow or narrower`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.7.1 Interface Extensions")
struct InterfaceExtensionTests {
    @Test(arguments: [
        ("interface I { a: Int } extend interface I { b: Int } type T implements I { a: Int b: Int }", true),
        ("interface I { a: Int } extend interface I { b: Int } type T implements I { a: Int }", false),
        ("interface I { a: Int } extend interface I { a: Int }", false),
        ("interface I { a: Int } extend interface I implements J interface J { a: Int }", true),
    ])
    func `implementers follow an extension`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.8 Unions")
struct UnionTests {
    @Test(arguments: [
        ("union U", false), ("union U = | Query", true), ("union U = Query | Query", false), ("union U = Int", false),
        ("union U = V union V = Query", false), ("union U = I interface I { a: Int }", false),
        ("union U = Query | T type T { a: String }", true), ("union U = Nope", false),
    ])
    func `members are objects, each once`(sdl: String, expected: Bool) throws { #expect(try isValid(sdl) == expected) }

    @Test func `fields are selected of members, not of the union`() throws {
        #expect(try validationErrors("{ catOrDog { __typename ... on Cat { name } } }") == [])
        #expect(try validationErrors("{ catOrDog { name } }").count == 1)
    }
}

@Suite("GraphQL §3.8.1 Union Extensions")
struct UnionExtensionTests {
    @Test(arguments: [
        ("union U = Query extend union U = T type T { a: Int }", true),
        ("union U = Query extend union U = Query", false),
        ("union U = Query extend union U = Int", false),
    ])
    func `members are added that weren't there`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.9 Enums")
struct EnumTests {
    @Test(arguments: [
        ("enum E", false), ("enum E { A B a }", true), ("enum E { A A }", false), ("enum E { __A }", false),
    ])
    func `an enum has values, each once`(sdl: String, expected: Bool) throws { #expect(try isValid(sdl) == expected) }
}

@Suite("GraphQL §3.9.1 Enum Extensions")
struct EnumExtensionTests {
    @Test(arguments: [
        ("enum E { A } extend enum E { B }", true), ("enum E { A } extend enum E { A }", false),
        ("enum E { A } extend enum E @d directive @d on ENUM", true),
    ])
    func `values are added that weren't there`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.10 Input Objects")
struct InputObjectTests {
    @Test(arguments: [
        ("input I", false), ("input I { a: Int a: Int }", false), ("input I { a: Int = 1 b: Int! = 2 }", true),
        ("input I { a: Int = \"x\" }", false), ("input I { a: Int! = null }", false), ("input I { a: I }", true),
        ("input I { a: I! }", false), ("input I { a: [I!]! }", true), ("input I { a: J! } input J { a: I! }", false),
        ("input I { a: J! } input J { a: I }", true), ("input I { a: I = {} }", false),
        ("input I { a: I = {a: null} }", true), ("input I { a: Int! @deprecated }", false),
        ("input I { a: Int! = 1 @deprecated }", true), ("input I { a: Query }", false),
    ])
    func `fields are unique, of input types, and values of the type end`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }

    @Test func `every cycle of Non-Null fields is told, also where cycles share types`() throws {
        let sdl = """
            input A { b: B! c: C! } input B { a: A! } input C { a: A! c: C! }
            """
        let paths = try schemaProblems(query + sdl).map { $0.split(separator: "\"").dropLast().last }
        #expect(paths == ["b.a", "c.a", "c"])
    }
}

@Suite("GraphQL §3.10.1 OneOf Input Objects")
struct OneOfTests {
    @Test(arguments: [
        ("input I @oneOf { a: Int b: String }", true), ("input I @oneOf { a: Int! }", false),
        ("input I @oneOf { a: Int = 1 }", false), ("input I @oneOf { a: [Int!] }", true),
        ("input I @oneOf { a: I }", true), ("extend input I { b: Int! } input I @oneOf { a: Int }", false),
        ("type T @oneOf { a: Int }", false),
    ])
    func `fields are nullable and have no defaults`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.10.2 Input Object Extensions")
struct InputObjectExtensionTests {
    @Test(arguments: [
        ("input I { a: Int } extend input I { b: Int }", true), ("input I { a: Int } extend input I { a: Int }", false),
        ("input I { a: Int } extend input I { b: I! }", false), ("input I { a: Int } extend input I @oneOf", true),
    ])
    func `fields are added that weren't there`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.13 Directives")
struct DirectiveDefinitionTests {
    @Test(arguments: [
        ("directive @d on FIELD", true), ("directive @d(a: Int = 1 b: [Int!]) repeatable on FIELD | OBJECT", true),
        ("directive @d(a: Int a: Int) on FIELD", false), ("directive @d(a: Query) on FIELD", false),
        ("directive @d(__a: Int) on FIELD", false), ("directive @d(a: Int @d) on ARGUMENT_DEFINITION", false),
        ("directive @d(a: Int @e) on ARGUMENT_DEFINITION directive @e(b: Int @d) on ARGUMENT_DEFINITION", false),
        ("directive @d(a: Int = \"x\") on FIELD", false), ("type T @d { a: Int } directive @d on OBJECT", true),
        ("type T @d { a: Int } directive @d on FIELD", false),
        ("type T @d @d { a: Int } directive @d on OBJECT", false),
        ("type T @d @d { a: Int } directive @d repeatable on OBJECT", true), ("type T @d { a: Int }", false),
        ("type T @d(a: \"x\") { a: Int } directive @d(a: Int) on OBJECT", false),
        ("type T @d { a: Int } directive @d(a: Int!) on OBJECT", false),
    ])
    func `a directive is defined, placed and given its arguments`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }

    @Test(arguments: DirectiveLocation.allCases)
    func `every location can be named`(location: DirectiveLocation) throws {
        let schema = try schema(query + "directive @d on \(location.rawValue)")
        #expect(schema.directives["d"]?.locations == [location])
    }
}

@Suite("GraphQL §3.13.3 @deprecated")
struct DeprecatedTests {
    @Test(arguments: [
        ("type T { a(b: Int @deprecated): Int @deprecated }", true), ("enum E { A @deprecated(reason: \"b\") }", true),
        ("input I { a: Int @deprecated }", true), ("type T @deprecated { a: Int }", false),
        ("type T { a: Int @deprecated(reason: null) }", false), ("type T { a: Int @deprecated @deprecated }", false),
    ])
    func `it stands on fields, arguments, input fields and enum values`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.13.4 @specifiedBy")
struct SpecifiedByTests {
    @Test(arguments: [
        ("scalar S @specifiedBy(url: \"https://a\")", true), ("scalar S @specifiedBy", false),
        ("type T @specifiedBy(url: \"u\") { a: Int }", false),
    ])
    func `it stands on custom scalars, with a URL`(sdl: String, expected: Bool) throws {
        #expect(try isValid(sdl) == expected)
    }
}

@Suite("GraphQL §3.13.5 @oneOf")
struct OneOfDirectiveTests {
    @Test func `it marks an input object, in its definition or an extension`() throws {
        let schema = try schema(
            query + "input A @oneOf { a: Int } input B { a: Int } extend input B @oneOf input C { a: Int }")
        #expect(["A", "B", "C"].map { schema.types[$0]?.isOneOf } == [true, true, false])
    }
}
