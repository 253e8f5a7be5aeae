import Testing

@Suite("The command")
struct UsageTests {
    @Test(arguments: [
        [], ["chek"], ["check", "--formt", "json"], ["check", "--format", "xml"], ["explain"],
        ["serve", "--shards", "no"],
        ["demo", "--port", "70000"], ["schema", "extra"], ["version", "--config", "a"],
    ])
    func `wrong usage is a line and the usage on standard error, and code 2`(words: [String]) throws {
        let outcome = try Program.run(words)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        let lines = outcome.errors.split(separator: "\n")
        #expect(
            lines.first?.hasPrefix("sluice: ") == true && lines.dropFirst().first?.hasPrefix("usage: sluice ") == true)
    }

    @Test(arguments: [
        "serve", "check", "diff", "explain", "demo", "schema", "config-schema", "import openapi", "export openapi",
        "version",
    ])
    func `every command has a help`(name: String) throws {
        let words = name.split(separator: " ").map(String.init)
        for asked in [words + ["--help"], words.prefix(1) + ["--help"], ["help"] + words] {
            let outcome = try Program.run(Array(asked))
            #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(asked)")
            #expect(outcome.output.hasPrefix("usage: sluice \(name)"), "\(asked)")
        }
        #expect(try Program.run("--help").output.contains("\n  \(name) "))
    }

    @Test func `the version is one line`() throws {
        let outcome = try Program.run("version")
        #expect(outcome.code == 0 && outcome.output.wholeMatch(of: #/sluice \d+\.\d+\.\d+\n/#) != nil)
    }

    @Test func `the schema of gateway.yaml is one JSON object`() throws {
        let outcome = try Program.run("config-schema")
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("{\n  \"$schema\"") && outcome.output.hasSuffix("\n}\n"))
    }
}
