import Foundation
import Testing

/// The pages of `docs/reference`, held to the program.
@Suite("The reference pages")
struct ReferenceTests {
    static func page(_ name: String) throws -> String {
        try String(contentsOf: Checkout.root.appending(path: "docs/reference/\(name).md"), encoding: .utf8)
    }

    /// The cells of each row of the page's tables, without the lines above and below the head.
    static func rows(_ page: String) -> [[String]] {
        page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    // MARK: Keys

    /// `SLUICE_UPDATE_GOLDEN=1` writes the page anew.
    @Test func `every key of gateway yaml is told, as config-schema has it`() throws {
        let schema = try Program.run("config-schema")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(schema.output.utf8)) as? [String: Any])
        let written = KeyTable(root).page
        if ProcessInfo.processInfo.environment["SLUICE_UPDATE_GOLDEN"] != nil {
            try Data(written.utf8).write(to: Checkout.root.appending(path: "docs/reference/configuration.md"))
        }
        let isTrue = try Self.page("configuration") == written
        #expect(isTrue, "docs/reference/configuration.md: SLUICE_UPDATE_GOLDEN=1 writes it anew")
    }

    // MARK: Metrics

    /// The labels of a metric's row.
    private static func labels(_ row: [String]) -> [String] {
        row[2].split(separator: ",").map { $0.trimmingCharacters(in: [" ", "`"]) }
    }

    @Test func `every metric that a running gateway prints is told, with its type`() throws {
        let demo = try RunningDemo()
        _ = try demo.shell(#"curl localhost:8080/graphql -d '{"query": "{ user(id: 1) { name } }"}'"#)
        let printed = try demo.shell("curl localhost:9090/metrics").split(separator: "\n").map(String.init)
        demo.program.send(SIGINT)
        #expect(demo.program.end() == 0)
        let told = Dictionary(
            Self.rows(try Self.page("metrics")).map { ($0[0].trimmingCharacters(in: ["`"]), $0) },
            uniquingKeysWith: { first, _ in first })
        var seen = 0
        for line in printed where !line.hasPrefix("#") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            let family = ["_bucket", "_sum", "_count"].first(where: name.hasSuffix).map {
                String(name.dropLast($0.count))
            }
            let row = try #require(told[name] ?? family.flatMap { told[$0] }, "\(name) is not on the page")
            let labels = line.contains("{") ? line.split(separator: "{")[1].split(separator: "}")[0] : ""
            let names = Set(
                labels.split(separator: "\"").compactMap { $0.hasSuffix("=") ? $0.drop { $0 == "," }.dropLast() : nil })
            #expect(names.subtracting(["le"]) == Set(Self.labels(row).map { $0[...] }), "\(name)")
        }
        for line in printed {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            guard words.count == 4, words[0] == "#" else { continue }
            let row = try #require(told[words[2]], "\(words[2]) is not on the page")
            if words[1] == "TYPE" { #expect(row[1] == words[3], "\(words[2])") }
            if words[1] == "HELP" { #expect(row[3] == words[3], "\(words[2])") }
            seen += 1
        }
        #expect(seen > 40)
    }

    @Test func `every metric that is told is one of the program's, with its labels`() throws {
        let sources = try Checkout.sources()
        for row in Self.rows(try Self.page("metrics")) {
            let name = row[0].trimmingCharacters(in: ["`"])
            let isKnown = sources.contains("\"\(name)\"")
            #expect(isKnown, "\(name)")
            for label in Self.labels(row) {
                let isLabel = sources.contains("\"\(label)\":")
                #expect(isLabel, "\(label) of \(name)")
            }
        }
    }

    // MARK: Links

    @Test func `links between the pages lead somewhere`() throws {
        let docs = Checkout.root.appending(path: "docs")
        let files = try FileManager.default.subpathsOfDirectory(atPath: docs.path).filter { $0.hasSuffix(".md") }
        for file in files.map({ "docs/\($0)" }) + ["README.md"] {
            let url = Checkout.root.appending(path: file)
            for part in try String(contentsOf: url, encoding: .utf8).components(separatedBy: "](").dropFirst() {
                let target = String(part.prefix { $0 != ")" && $0 != "#" && !$0.isNewline })
                if target.isEmpty || target.contains("://") { continue }
                let path = url.deletingLastPathComponent().appending(path: target).path
                let isThere = FileManager.default.fileExists(atPath: path)
                #expect(isThere, "\(file): \(target)")
            }
        }
    }
}

/// The keys of a JSON Schema as Markdown tables, one for each key at the top.
struct KeyTable {
    private var rows: [(path: [String], text: String, standard: String)] = []
    private var seen: Set<String> = []

    /// What is written elsewhere: routes have their upstream's policies, limits their own two keys, keys of JWKs.
    private static func isTold(_ path: [String]) -> Bool {
        let text = path.joined(separator: ".")
        let policies = ["retry", "breaker", "concurrency", "hedge", "headers"]
        if path.first == "routes", path.count > 3, policies.contains(path[2]) { return false }
        if text.hasPrefix("graphql.limits."), path.count > 3 { return false }
        return !["kty", "use", "key_ops", "k", "n", "e", "crv", "x", "y", "x5c", "x5t", "x5t#S256", "x5u"]
            .contains(path.last ?? "") || path.first != "auth"
    }

    init(_ schema: [String: Any]) { visit(schema, []) }

    private mutating func visit(_ node: [String: Any], _ path: [String]) {
        if let text = node["description"] as? String, Self.isTold(path),
            seen.insert(path.joined(separator: ".")).inserted
        {
            let types = node["type"] as? [String] ?? [node["type"] as? String ?? ""]
            rows.append((path, text, Self.text(node["default"], isFlag: types.contains("boolean"))))
        }
        let properties = node["properties"] as? [String: [String: Any]] ?? [:]
        for name in properties.keys.sorted() { visit(properties[name] ?? [:], path + [name]) }
        if let others = node["additionalProperties"] as? [String: Any] { visit(others, path + ["NAME"]) }
        // Items of a list have the list's own place.
        if let items = node["items"] as? [String: Any] { visit(items, path) }
        for form in node["anyOf"] as? [[String: Any]] ?? [] { visit(form, path) }
    }

    private static func text(_ standard: Any?, isFlag: Bool = false) -> String {
        switch standard {
        case nil: return ""
        case let list as [Any]: return "[" + list.map { text($0) }.joined(separator: ", ") + "]"
        case let value? where isFlag: return (value as? Bool) == true ? "true" : "false"
        case let value?: return "\(value)"
        }
    }

    /// The whole page.
    var page: String {
        var page = """
            # Keys of gateway.yaml

            Written from `sluice config-schema`, which editors read as well. `NAME` stands for names that you choose. Durations are
            `250ms`, `5s`, `2m`, `1h`; sizes `64KiB`, `2MiB`; shares `20%`. `${NAME}` and `${NAME:-default}` take environment
            variables, `$${` is a literal `${`. Unknown keys, wrong types, duplicate keys and names that lead nowhere are errors with
            file, line and column. What holds where a key is left out stands in the last column; a block that has nothing there is off
            without it, unless its keys have standard values.

            """
        var block = ""
        for row in rows where !row.path.isEmpty {
            if row.path[0] != block {
                block = row.path[0]
                page += "\n## \(block)\n| key | is | left out |\n|---|---|---|\n"
            }
            let text = row.text.replacing("|", with: "\\|").replacing("*", with: "\\*")
            let standard = row.standard.isEmpty ? "" : "`\(row.standard)`"
            page += "| `\(row.path.joined(separator: "."))` | \(text) | \(standard) |\n"
        }
        return page
    }
}
