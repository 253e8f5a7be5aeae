import Execution
import GraphQL
import Testing

private typealias Request = SpecificationRequest

private func member(_ name: String, _ value: InputValue) -> InputMember { InputMember(name: name, value: value) }

@Suite("GraphQL §6.1 Executing Requests")
struct ExecutingRequestTests {
    static let document = "query A { thing { int } } mutation B { first { int } } query C { thing { id: string } }"

    @Test(
        arguments: [
            ("A", Request.Outcome.data(#"{"thing":{"int":1}}"#)), ("B", .data(#"{"first":{"int":2}}"#)),
            ("D", .refused),
            (nil, .refused), ("", .refused), ("a", .refused),
        ] as [(String?, SpecificationRequest.Outcome)])
    func `the operation is the one named`(name: String?, expected: SpecificationRequest.Outcome) throws {
        let request = try Request(thing: #"{"int":1}"#, first: #"{"int":2}"#)
        #expect(try request.run(Self.document, operationName: name) == expected)
    }

    @Test func `without a name it is the only one`() throws {
        #expect(try Request().run("{ thing { int } }") == .data(#"{"thing":{"int":null}}"#))
        #expect(try Request().run("query Q { thing { int } }") == .data(#"{"thing":{"int":null}}"#))
        #expect(try Request().run("query Q { thing { int } }", operationName: "R") == .refused)
        #expect(try Request().run("fragment F on Thing { int }") == .refused)
    }
}

@Suite("GraphQL §6.1.1 Validating Requests")
struct ValidatingRequestTests {
    @Test func `what isn't valid isn't executed`() throws {
        let request = try Request()
        #expect(try request.run("{ thing { nope } }") == .refused)
        #expect(request.harness.script.log.isEmpty)
    }
}

@Suite("GraphQL §6.2.1 Query")
struct QueryTests {
    @Test func `the root selection set is executed on the query type, its calls side by side`() throws {
        let request = try Request()
        #expect(
            try request.run("{ b: things { int } __typename a: thing { int } }")
                == .data(#"{"b":[],"__typename":"Query","a":{"int":null}}"#))
        #expect(Set(request.harness.script.log) == ["GET /things", "GET /thing"])
    }
}

@Suite("GraphQL §6.2.2 Mutation")
struct MutationTests {
    @Test func `the root fields are executed one after the other, in order of the document`() throws {
        let request = try Request(first: #"{"id":1}"#, second: #"{"id":1}"#, next: #"{"id":9}"#)
        #expect(
            try request.run("mutation { second { id next { id } } a: first { next { id } } b: first { id } }")
                == .data(#"{"second":{"id":"1","next":{"id":"9"}},"a":{"next":{"id":"9"}},"b":{"id":"1"}}"#))
        #expect(
            request.harness.script.log == ["POST /second", "GET /next/1", "POST /first", "GET /next/1", "POST /first"])
    }

    @Test func `those behind a failed one are executed too`() throws {
        let request = try Request(first: #"{"int":"x"}"#, second: #"{"int":1}"#)
        #expect(
            try request.run("mutation { first { int } second { int } }")
                == .executed(#"{"first":{"int":null},"second":{"int":1}}"#, ["first.int"]))
    }
}

@Suite("GraphQL §6.2.3 Subscription")
struct SubscriptionTests {
    @Test func `a subscription is accepted by the schema and validation, and not run`() throws {
        let request = try Request()
        #expect(try request.run("subscription { tick }") == .refused)
        #expect(request.harness.script.log.isEmpty)
    }
}

@Suite("GraphQL §6.3 Executing Selection Sets")
struct SelectionSetExecutionTests {
    @Test func `fields are answered at every level`() throws {
        let request = try Request(thing: #"{"thing":{"thing":{"int":1}},"int":0}"#)
        #expect(
            try request.run("{ thing { int thing { thing { int } } } }")
                == .data(#"{"thing":{"int":0,"thing":{"thing":{"int":1}}}}"#))
    }
}

@Suite("GraphQL §6.3.1 Executing the Root Selection Set")
struct RootSelectionSetTests {
    @Test func `a null that comes up to the root is the whole data`() throws {
        #expect(try Request(thing: "null").run("{ things { int } must { int } }") == .executed("null", ["must"]))
    }
}

@Suite("GraphQL §6.3.2 Field Collection")
struct FieldCollectionTests {
    private static let thing = #"{"id":1,"int":2,"string":"s","thing":{"id":3,"int":4},"__typename":"Thing"}"#

    @Test(arguments: [
        // Order is that of first occurrence, fragments in place.
        ("string ...F id fragment", #""string":"s","int":2,"id":"1""#), ("id string id", #""id":"1","string":"s""#),
        ("... { string } id", #""string":"s","id":"1""#), ("a: id id b: id", #""a":"1","id":"1","b":"1""#),
        ("...F ...F int fragment", #""int":2,"id":"1""#),
        // Subfields of all occurrences are merged.
        ("thing { int } thing { id }", #""thing":{"int":4,"id":"3"}"#),
        ("thing { id } ... on Thing { thing { int id } } int", #""thing":{"id":"3","int":4},"int":2"#),
        // Conditions.
        ("id @skip(if: true) int", #""int":2"#), ("id @skip(if: false) int @include(if: false)", #""id":"1""#),
        ("id @skip(if: true) @include(if: true) int", #""int":2"#),
        ("id @skip(if: false) @include(if: true)", #""id":"1""#),
        ("id @skip(if: $yes) int @skip(if: $no)", #""int":2"#),
        ("id @include(if: $yes) int @include(if: $no)", #""id":"1""#),
        ("... @include(if: $no) { id } int", #""int":2"#),
        ("...F @skip(if: $yes) string fragment", #""string":"s""#), ("id @skip(if: true) id", #""id":"1""#),
        ("...F @skip(if: true) ...F fragment", #""int":2,"id":"1""#),
        // Types.
        ("... on Node { id }", #""id":"1""#), ("... on Any { __typename }", #""__typename":"Thing""#),
        ("... on Node { ... on Other { name } ... on Thing { int } }", #""int":2"#),
    ])
    func `fields are collected into groups by response name`(selection: String, expected: String) throws {
        let hasFragment = selection.hasSuffix(" fragment")
        let text = hasFragment ? String(selection.dropLast(9)) : selection
        let fragment = hasFragment ? "fragment F on Thing { int id }" : ""
        let document =
            "query ($yes: Boolean! = true, $no: Boolean! = false) { thing { \(text) x: __typename @include(if: $yes) @skip(if: $no) } } \(fragment)"
        #expect(
            try Request(thing: Self.thing).run(document) == .data(#"{"thing":{\#(expected),"x":"Thing"}}"#))
    }

    @Test func `nothing may be left of a selection set`() throws {
        #expect(try Request(thing: "{}").run("{ thing { id @skip(if: true) } }") == .data(#"{"thing":{}}"#))
        #expect(try Request().run("{ thing @include(if: false) { id } }") == .data("{}"))
    }
}

@Suite("GraphQL §6.3.3 Executing Collected Fields")
struct CollectedFieldTests {
    @Test func `the answer has the order of the document, whatever the upstream's`() throws {
        let request = try Request(thing: #"{"string":"s","extra":[1],"int":2,"id":1}"#)
        #expect(
            try request.run("{ thing { id int b: int string a: id } }")
                == .data(#"{"thing":{"id":"1","int":2,"b":2,"string":"s","a":"1"}}"#))
    }

    @Test func `an error at a Non-Null position goes to the parent, further if that is Non-Null too`() throws {
        let request = try Request(thing: #"{"strict":{"strict":{"must":null}},"int":1}"#)
        #expect(
            try request.run("{ thing { int strict { strict { must } } } }")
                == .executed(#"{"thing":null}"#, ["thing.strict.strict.must"]))
    }
}

@Suite("GraphQL §6.3.4 Normal and Serial Execution")
struct SerialExecutionTests {
    @Test func `calls of a query run at once, of a mutation the next begins when the one before is complete`() throws {
        for (text, isSerial) in [
            ("{ thing { int } things { int } }", false), ("mutation { first { int } second { int } }", true),
        ] {
            let request = try Request()
            request.harness.script.isManual = true
            let run = request.harness.run(try request.harness.plan(text))
            run.run { _ in }
            #expect(request.harness.script.open.count == (isSerial ? 1 : 2))
            request.harness.script.answerAll { _ in 0 }
            #expect(request.harness.script.log.count == 2)
        }
    }
}

@Suite("GraphQL §6.4 Executing Fields")
struct ExecutingFieldTests {
    @Test func `the first occurrence's arguments count for all`() throws {
        let request = try Request()
        #expect(try request.run("{ echo(int: 1) echo(int: 1) }") == .data(#"{"echo":1}"#))
        #expect(request.harness.script.log == ["POST /echo"])
    }
}

@Suite("GraphQL §6.4.1 Coercing Field Arguments")
struct ArgumentCoercionTests {
    @Test(
        arguments: [
            // Defaults stand for what isn't given, not for null.
            ("echo", "", [], #""int":5,"must":7,"color":"RED""#),
            ("echo(int: null)", "", [], #""int":null,"must":7,"color":"RED""#),
            ("echo(int: 1, must: 2, color: GREEN)", "", [], #""int":1,"must":2,"color":"GREEN""#),
            // A variable without a value is as if it weren't there.
            ("echo(int: $a)", "($a: Int)", [], #""int":5,"must":7,"color":"RED""#),
            ("echo(int: $a)", "($a: Int)", [member("a", .null)], #""int":null,"must":7,"color":"RED""#),
            ("echo(int: $a)", "($a: Int = 3)", [], #""int":3,"must":7,"color":"RED""#),
            ("echo(must: $a)", "($a: Int)", [], #""int":5,"must":7,"color":"RED""#),
            ("echo(must: $a)", "($a: Int)", [member("a", .number("4"))], #""int":5,"must":4,"color":"RED""#),
            // Lists and input objects.
            ("echo(list: 1)", "", [], #""int":5,"must":7,"list":[1],"color":"RED""#),
            (
                "echo(list: [1, $a])", "($a: Int!)", [member("a", .number("2"))],
                #""int":5,"must":7,"list":[1,2],"color":"RED""#
            ),
            ("echo(input: {})", "", [], #""int":5,"must":7,"input":{"a":1,"b":2},"color":"RED""#),
            (
                "echo(input: {a: null, c: \"x\", d: {b: 3}})", "", [],
                #""int":5,"must":7,"input":{"a":null,"b":2,"c":["x"],"d":{"a":1,"b":3}},"color":"RED""#
            ),
            ("echo(input: {a: $a})", "($a: Int)", [], #""int":5,"must":7,"input":{"a":1,"b":2},"color":"RED""#),
            ("echo(input: {b: $a})", "($a: Int)", [], #""int":5,"must":7,"input":{"a":1,"b":2},"color":"RED""#),
            ("echo(one: {b: \"x\"})", "", [], #""int":5,"must":7,"one":{"b":"x"},"color":"RED""#),
            ("echo(text: \"a\\u0041\")", "", [], #""int":5,"must":7,"text":"aA","color":"RED""#),
        ] as [(String, String, [InputMember], String)])
    func `values come from the document, from variables or from defaults`(
        field: String, variables: String, values: [InputMember], expected: String
    ) throws {
        #expect(try Request().arguments(field, variables, values) == "{\(expected)}")
    }

    @Test(arguments: [
        ("echo(must: $a)", "($a: Int)"), ("echo(input: {b: $a})", "($a: Int)"), ("echo(must: $a)", "($a: Int = 1)"),
    ])
    func `null at a Non-Null position is an error at the field, and nothing is called`(field: String, variables: String)
        throws
    {
        let request = try Request()
        #expect(
            try request.run("query \(variables) { \(field) }", [member("a", .null)])
                == .executed(#"{"echo":null}"#, ["echo"]))
        #expect(request.harness.script.log.isEmpty)
    }

    @Test func `also at a field that its parent's content has`() throws {
        let text = """
            query ($a: Int) {
              thing { int sized(of: $a) in: sized(in: {b: $a}) below(of: $a) { id next { id } } things { sizedMust(of: $a) } }
            }
            """
        let content = #"{"int":1,"sized":2,"below":{"id":1},"things":[{"sizedMust":3}]}"#
        let given = try Request(thing: content, next: #"{"id":5}"#)
        #expect(
            try given.run(text, [member("a", .number("4"))])
                == .data(
                    #"{"thing":{"int":1,"sized":2,"in":2,"below":{"id":"1","next":{"id":"5"}},"things":[{"sizedMust":3}]}}"#
                ))
        #expect(given.harness.script.log == ["GET /thing", "GET /next/1"])
        let absent = try Request(thing: content, next: #"{"id":5}"#)
        #expect(try absent.run(text) == given.run(text, [member("a", .number("4"))]))
        let null = try Request(thing: content)
        #expect(
            try null.run(text, [member("a", .null)])
                == .executed(
                    #"{"thing":{"int":1,"sized":null,"in":null,"below":null,"things":null}}"#,
                    ["thing.sized", "thing.in", "thing.below", "thing.things.0.sizedMust"]))
        #expect(null.harness.script.log == ["GET /thing"])
    }
}

@Suite("GraphQL §6.4.2 Value Resolution")
struct ValueResolutionTests {
    @Test func `a field is the member of its name, whatever its alias`() throws {
        #expect(
            try Request(thing: #"{"int":1,"string":"s"}"#).run("{ thing { string: int int: int } }")
                == .data(#"{"thing":{"string":1,"int":1}}"#))
    }

    @Test func `of members with one name the last counts`() throws {
        #expect(try Request(thing: #"{"int":1,"int":2}"#).run("{ thing { int } }") == .data(#"{"thing":{"int":2}}"#))
    }
}

@Suite("GraphQL §6.4.3 Value Completion")
struct ValueCompletionTests {
    @Test(
        arguments: [
            ("list", "[1,null,2]", "[1,null,2]", []), ("list", "[]", "[]", []),
            ("list", "[1,\"x\"]", "[1,null]", ["list.1"]),
            ("list", "7", "null", ["list"]), ("grid", "[[1],null,[2,null]]", "[[1],null,[2,null]]", []),
            ("grid", "[1]", "[null]", ["grid.0"]), ("grid", "[[true]]", "[[null]]", ["grid.0.0"]),
            ("items", "[1,null]", "null", ["items.1"]), ("items", "null", "null", []),
            ("items", "[\"x\",1]", "null", ["items.0"]),
            ("thing { int }", "null", "null", []), ("thing { int }", "[]", "null", ["thing"]),
            ("thing { must }", "{}", "null", ["thing.must"]),
            ("things { must }", "[{\"must\":1},{}]", "null", ["things.1.must"]),
            ("int", "1.0", "1", []), ("int", "2147483648", "null", ["int"]), ("color", "\"RED\"", "\"RED\"", []),
            ("color", "\"BLUE\"", "null", ["color"]), ("boolean", "0", "null", ["boolean"]),
        ] as [(String, String, String, [String])])
    func `lists item by item, leaves by their type, null where it may be`(
        field: String, content: String, value: String, errors: [String]
    ) throws {
        let name = field.prefix { $0 != " " }
        #expect(
            try Request(thing: "{\"\(name)\":\(content)}").run("{ thing { \(field) } }")
                == .executed("{\"thing\":{\"\(name)\":\(value)}}", errors.map { "thing.\($0)" }))
    }

    @Test(
        arguments: [
            (#"{"id":1,"__typename":"Thing","int":2}"#, #"{"__typename":"Thing","id":"1","int":2}"#, []),
            (#"{"id":1,"__typename":"Other","name":"n"}"#, #"{"__typename":"Other","id":"1","name":"n"}"#, []),
            (#"{"id":1,"__typename":"Nope"}"#, "null", ["node"]), (#"{"id":1}"#, "null", ["node"]),
            (#"{"id":1,"__typename":null}"#, "null", ["node"]), (#"{"id":1,"__typename":"Query"}"#, "null", ["node"]),
            (#"{"id":1,"__typename":"Other"}"#, "null", ["node.name"]), ("null", "null", []), ("[]", "null", ["node"]),
        ] as [(String, String, [String])])
    func `an abstract type becomes one of its objects`(content: String, value: String, errors: [String]) throws {
        #expect(
            try Request(thing: content).run(
                "{ node { __typename id ... on Thing { int } ... on Other { name } } }")
                == .executed(#"{"node":\#(value)}"#, errors))
    }

    @Test func `the objects of a list may differ`() throws {
        let things = #"[{"__typename":"Thing","id":1},{"__typename":"Other","id":2,"name":"n"}]"#
        #expect(
            try Request(things: things).run("{ nodes { id ... on Other { name } } }")
                == .data(#"{"nodes":[{"id":"1"},{"id":"2","name":"n"}]}"#))
    }
}

@Suite("GraphQL §6.4.4 Handling Execution Errors")
struct ExecutionErrorTests {
    @Test(
        arguments: [
            // Nullable: null there, the siblings stay.
            ("int string", #"{"int":"x","string":"s"}"#, #"{"int":null,"string":"s"}"#, ["int"]),
            // Non-Null: up to the nearest nullable position.
            ("int must", #"{"int":1,"must":"x"}"#, nil, ["must"]),
            ("int both", #"{"int":1,"both":[1,"x"]}"#, nil, ["both.1"]),
            ("other { id name } int", #"{"other":{"id":1},"int":1}"#, #"{"other":null,"int":1}"#, ["other.name"]),
            // Each of several errors at nullable positions is told, in order of the answer.
            (
                "b: int string int", #"{"int":"x","string":1}"#, #"{"b":null,"string":null,"int":null}"#,
                ["b", "string", "int"]
            ),
        ] as [(String, String, String?, [String])])
    func `an error is null at its position, or at that of a parent`(
        selection: String, content: String, data: String?, errors: [String]
    ) throws {
        #expect(
            try Request(thing: content).run("{ thing { \(selection) } }")
                == .executed(#"{"thing":\#(data ?? "null")}"#, errors.map { "thing.\($0)" }))
    }

    @Test func `a position has one error at most`() throws {
        let outcome = try Request(thing: #"{"strict":{}}"#).run("{ thing { strict { must must2: must } } }")
        guard case .executed(let data, let errors) = outcome else { return }
        #expect(data == #"{"thing":null}"#)
        #expect(Set(errors).count == errors.count && errors.contains("thing.strict.must"))
    }

    @Test func `a list whose items are all Non-Null goes when one does, the list around it stays`() throws {
        #expect(
            try Request(things: #"[{"items":[1,null]},{"items":[2]}]"#).run("{ things { items } }")
                == .executed(#"{"things":[{"items":null},{"items":[2]}]}"#, ["things.0.items.1"]))
    }
}
