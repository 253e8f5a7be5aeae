import TestSupport

/// Documents drawn at random from the words of OpenAPI, many of them odd, in JSON.
struct RandomDocument {
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(seed) }

    private mutating func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func chance(_ percent: Int) -> Bool { next(100) < percent }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items[next(items.count)] }

    private static let names = [
        "id", "name", "a-b", "aB", "a.b", "1st", "+1", "-1", "__typename", "__v", "Query", "type", "kind", "input",
        "$ref2",
        "${HOME}", "x y", "ü", "", "true", "null", "list", "Int64", "JSON", "X-Key", "p[q]", "{x}", "\\\"", "\\\\",
    ]
    private static let components = [
        "User", "user", "Query", "String", "a-b", "A_B", "Input", "UserInput", "JSON", "ü", "1", "Mutation", "B", "C",
        "D",
    ]

    /// The text of a document.
    mutating func text() -> String {
        var paths: [String] = []
        for number in 0..<(1 + next(5)) {
            let path = pick(["/a", "/a/{id}", "/a/{a-b}/c", "/{id}.json", "/x/{id}...{p}", "/${id}", "/ü b", "/a/{id"])
            var methods: [String] = []
            for method in ["get", "post", "put", "delete"] where chance(60) || (method == "get" && number == 0) {
                methods.append("\"\(method)\": \(operation())")
            }
            paths.append("\"/\(number)\(path)\": {\(methods.joined(separator: ", "))}")
        }
        let schemas = Self.components.map { "\"\($0)\": \(schema(3))" }
        let version = pick(["3.0.3", "3.1.0"])
        return """
            {"openapi": "\(version)", "info": {"title": "T \(pick(Self.names))"},
             "paths": {"/ok": {"get": {"responses": {"200": {"content": {"application/json": {}}}}}}, \(paths.joined(separator: ",\n"))},
             "components": {"schemas": {\(schemas.joined(separator: ",\n"))}}}
            """
    }

    private mutating func operation() -> String {
        var parts = ["\"responses\": {\"\(pick(["200", "201", "204", "2XX", "default", "400"]))\": \(content())}"]
        if chance(60) {
            parts.append("\"operationId\": \"\(pick(["list", "a/b", "Get", "1x", "ü", "", "__a", "list"]))\"")
        }
        if chance(50) { parts.append("\"requestBody\": \(content())") }
        if chance(30) { parts.append("\"deprecated\": true, \"summary\": \"S \\\"\\\"\\\" \\\\ \(pick(Self.names))\"") }
        let parameters = (0..<next(4)).map { _ in parameter() }
        return "{\(parts.joined(separator: ", ")), \"parameters\": [\(parameters.joined(separator: ", "))]}"
    }

    private mutating func content() -> String {
        let type = pick([
            "application/json", "application/json; charset=utf-8", "application/a+json", "*/*", "text/html",
        ])
        let required = chance(50) ? "\"required\": true, " : ""
        return "{\(required)\"content\": {\"\(type)\": {\"schema\": \(schema(3))}}}"
    }

    private mutating func parameter() -> String {
        var parts = [
            "\"name\": \"\(pick(Self.names))\"",
            "\"in\": \"\(pick(["path", "query", "query", "header", "cookie", "?"]))\"",
        ]
        if chance(40) { parts.append("\"required\": \(chance(70))") }
        if chance(30) {
            parts.append("\"style\": \"\(pick(["form", "simple", "deepObject", "pipeDelimited", "matrix"]))\"")
        }
        if chance(30) { parts.append("\"explode\": \(chance(50))") }
        if chance(20) { parts.append("\"deprecated\": true") }
        parts.append(chance(90) ? "\"schema\": \(schema(2))" : "\"content\": {\"application/json\": {}}")
        return "{\(parts.joined(separator: ", "))}"
    }

    private mutating func schema(_ depth: Int) -> String {
        if depth == 0 || chance(35) {
            return
                "{\"$ref\": \"#/components/schemas/\(pick(Self.components + ["Nowhere"]))\"\(chance(20) ? ", \"nullable\": true" : "")}"
        }
        var parts: [String] = []
        switch next(9) {
        case 0...2: parts += object(depth)
        case 3: parts.append("\"type\": \"array\"\(chance(80) ? ", \"items\": \(schema(depth - 1))" : "")")
        case 4:
            parts.append(
                "\"enum\": [\(pick(["\"a\", \"b\"", "\"a\", null", "1, 2", "\"a-b\", \"c\"", "\"true\", \"x\"", "\"a\", \"a\""]))]"
            )
        case 5:
            let list = (0...next(3)).map { _ in schema(depth - 1) }.joined(separator: ", ")
            parts.append("\"\(pick(["oneOf", "anyOf", "allOf"]))\": [\(list)]")
            if chance(40) { parts += object(depth) }
        case 6: parts.append("\"const\": \(pick(["\"a\"", "1", "null", "{}"]))")
        default:
            parts.append(
                "\"type\": \(pick(["\"string\"", "\"integer\"", "\"number\"", "\"boolean\"", "[\"string\", \"null\"]", "[\"integer\", \"string\"]", "\"null\"", "\"x\""]))"
            )
            if chance(30) { parts.append("\"format\": \"\(pick(["int32", "int64", "uuid"]))\"") }
        }
        if chance(25) { parts.append("\"discriminator\": {\"propertyName\": \"\(pick(["kind", "type", "a.b"]))\"}") }
        if chance(15) { parts.append("\"nullable\": true") }
        if chance(15) {
            parts.append("\"default\": \(pick(["1", "\"a\"", "null", "[\"a\"]", "true", "99999999999", "1.5", "{}"]))")
        }
        if chance(10) { parts.append("\"description\": \"D \\\"\\\"\\\" \(pick(Self.names))\\n\\n x\"") }
        if chance(10) { parts.append("\"\(pick(["readOnly", "writeOnly", "deprecated"]))\": true") }
        return "{\(parts.joined(separator: ", "))}"
    }

    private mutating func object(_ depth: Int) -> [String] {
        var names: [String] = []
        for _ in 0..<next(5) {
            let name = pick(Self.names)
            if !names.contains(name) { names.append(name) }
        }
        let properties = names.map { "\"\($0)\": \(schema(depth - 1))" }.joined(separator: ", ")
        let required = names.filter { _ in chance(50) }.map { "\"\($0)\"" }.joined(separator: ", ")
        return ["\"type\": \"object\", \"properties\": {\(properties)}, \"required\": [\(required)]"]
    }
}
