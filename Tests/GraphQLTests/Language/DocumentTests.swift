import GraphQL
import Testing

private func definitions(_ text: String) throws -> String {
    structure(of: try Parser.parseDocument(Source(text)).definitions)
}

private func isRefused(_ text: String) -> Bool { (try? Parser.parseDocument(Source(text))) == nil }

@Suite("GraphQL §2.2 Descriptions")
struct DescriptionTests {
    static let described = #"""
        "An operation" query Q("A variable" $a: Int) { any(value: [$a]) ...F }
        """ A fragment """ fragment F on Query { dog { name } }
        """#

    @Test func `operations, variables and fragments have descriptions`() throws {
        let document = try Parser.parseDocument(Source(Self.described))
        #expect(document.operations.first?.description?.value == "An operation")
        #expect(document.operations.first?.variables.first?.description?.value == "A variable")
        #expect(document.fragments.first?.description?.value == " A fragment ")
        #expect(document.fragments.first?.description?.isBlock == true)
    }

    @Test func `descriptions change no verdict`() throws {
        #expect(try validationErrors(Self.described) == [])
        let wrong = "query Q($a: Int $b: Int) { any(value: [$a]) }"
        let described = "\"q\" query Q(\"a\" $a: Int \"b\" $b: Int) { any(value: [$a]) }"
        let messages = { (text: String) in try validationErrors(text).map { $0.drop { $0 != " " } } }
        #expect(try messages(wrong) == messages(described))
    }

    @Test(arguments: [
        "\"d\" { a }", "\"d\" extend type T { a: Int }", "{ \"d\" a }", "{ a(\"d\" b: 1) }", "\"d\" \"e\" query { a }",
        "query { a } \"d\"", "{ ... \"d\" on T { a } }",
    ])
    func `nothing else has one`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.3 Document")
struct DocumentTests {
    @Test(arguments: ["", " ", "# nothing", ",\u{FEFF}"])
    func `a document has a definition at least`(text: String) { #expect(isRefused(text)) }

    @Test func `a document holds definitions of any kind, in order`() throws {
        let document = try Parser.parseDocument(
            Source("query A { a } type T { a: Int } fragment F on T { a } extend type T { b: Int } mutation B { b }"))
        #expect(document.definitions.count == 5)
        #expect(document.operations.map { $0.name?.value } == ["A", "B"])
        #expect(document.fragments.map(\.name.value) == ["F"])
    }

    @Test func `one with definitions of the type system isn't run`() throws {
        #expect(try !validationErrors("{ dog { name } } type T { a: Int }").isEmpty)
    }
}

@Suite("GraphQL §2.4 Operations")
struct OperationTests {
    @Test(arguments: OperationKind.allCases)
    func `an operation has a kind, and may have a name, variables and directives`(kind: OperationKind) throws {
        let document = try Parser.parseDocument(
            Source("\(kind.rawValue) { a } \(kind.rawValue) N { a } \(kind.rawValue) ($v: I) @d { a }"))
        #expect(document.operations.map(\.kind) == [kind, kind, kind])
        #expect(document.operations.map { $0.name?.value } == [nil, "N", nil])
        #expect(document.operations.map(\.variables.count) == [0, 0, 1])
        #expect(document.operations.map(\.directives.count) == [0, 0, 1])
    }

    @Test func `a query without anything else can be written as its selection set alone`() throws {
        #expect(try definitions("{ a }") == definitions("query { a }"))
    }

    @Test(arguments: [
        "querry { a }", "query", "query Q", "query Q() { a }", "query @d ($v: I) { a }", "query A B { a }",
    ])
    func `what is out of order is refused`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.5 Selection Sets")
struct SelectionSetTests {
    @Test func `selections are fields, spreads and inline fragments, in order`() throws {
        let selections = try #require(
            try Parser.parseDocument(Source("{ a ...B ... on C { d } ... { e } f { g } }")).operations.first)
        let kinds = selections.selectionSet.selections.map { selection in
            switch selection {
            case .field(let field): field.name.value
            case .fragmentSpread(let spread): "..." + spread.name.value
            case .inlineFragment(let fragment): "... on " + (fragment.typeCondition?.value ?? "?")
            }
        }
        #expect(kinds == ["a", "...B", "... on C", "... on ?", "f"])
    }

    @Test(arguments: ["{ }", "{ a { } }", "{ ... { } }", "{ a", "{ { a } }"])
    func `a selection set has a selection at least`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.6 Fields")
struct FieldTests {
    @Test func `a field has alias, name, arguments, directives and selection set, in this order`() throws {
        let operation = try #require(
            try Parser.parseDocument(Source("{ a: b(c: 1) @d @e { f } g }")).operations.first)
        guard case .field(let field) = operation.selectionSet.selections[0] else { return }
        #expect(field.alias?.value == "a" && field.name.value == "b" && field.arguments.count == 1)
        #expect(field.directives.map(\.name.value) == ["d", "e"] && field.selectionSet != nil)
    }

    @Test(arguments: ["{ a { b } @d }", "{ a { b } (c: 1) }", "{ (a: 1) b }"])
    func `another order is refused`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.7 Arguments")
struct ArgumentSyntaxTests {
    @Test func `arguments have no order`() throws {
        #expect(
            try validationErrors(
                "{ arguments { multipleRequirements(x: 1, y: 2) multipleRequirements(y: 2, x: 1) } }") == [])
    }

    @Test(arguments: ["{ a() }", "{ a(b) }", "{ a(b:) }", "{ a(: 1) }", "{ a(b: 1 2) }", "{ a($b: 1) }"])
    func `an argument is a name and a value`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.8 Field Alias")
struct AliasTests {
    @Test func `the alias is the response name, else the name is`() throws {
        let operation = try #require(try Parser.parseDocument(Source("{ a b: a c:d }")).operations.first)
        let names = operation.selectionSet.selections.map { selection in
            if case .field(let field) = selection { field.responseKey } else { "" }
        }
        #expect(names == ["a", "b", "c"])
    }

    @Test(arguments: ["{ a: b: c }", "{ : a }", "{ a: }", "{ \"a\": b }"])
    func `there is one alias, and it is a name`(text: String) { #expect(isRefused(text)) }
}

@Suite("GraphQL §2.9 Fragments")
struct FragmentSyntaxTests {
    @Test(arguments: ["fragment on on T { a }", "fragment F { a }", "fragment F on T", "{ ...on }", "{ ...F(a: 1) }"])
    func `a fragment has a name that isn't "on", a type and a selection set`(text: String) { #expect(isRefused(text)) }

    @Test func `fragments and spreads have directives`() throws {
        let document = try Parser.parseDocument(Source("{ ...F @a @b } fragment F on T @c { a }"))
        #expect(document.fragments.first?.directives.map(\.name.value) == ["c"])
        #expect(document.operations.first?.selectionSet.selections.first?.directives.map(\.name.value) == ["a", "b"])
    }
}

@Suite("GraphQL §2.9.1 Type Conditions")
struct TypeConditionTests {
    @Test(arguments: ["{ ... on { a } }", "{ ... on [T] { a } }", "{ ... on T! { a } }", "fragment F on { a }"])
    func `a condition is one named type`(text: String) { #expect(isRefused(text)) }

    @Test(arguments: [("Dog", true), ("Pet", true), ("CatOrDog", true), ("DogCommand", false), ("Int", false)])
    func `objects, interfaces and unions can be conditions`(type: String, isValid: Bool) throws {
        #expect(try validationErrors("{ dog { ... on \(type) { __typename } } }").isEmpty == isValid)
    }
}

@Suite("GraphQL §2.9.2 Inline Fragments")
struct InlineFragmentTests {
    @Test func `the condition can be left out, which is that of the enclosing selection set`() throws {
        #expect(try validationErrors("{ dog { ... { barkVolume } ... @include(if: true) { name } } }") == [])
        #expect(try validationErrors("{ pet { ... { barkVolume } } }").count == 1)
    }
}
