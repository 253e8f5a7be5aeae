import Testing

@testable import sluice

@Suite("Arguments")
struct ArgumentTests {
    static let syntax = CommandSyntax(
        name: "try", summary: "Tries.",
        options: [
            .config, .format, CommandSyntax.Option(name: "--watch", value: nil, help: "watches"),
            CommandSyntax.Option(name: "--shards", value: "N", kind: .number(1...256), help: "threads"),
        ],
        operands: [CommandSyntax.Operand(name: "FILE", help: "a file")])

    @Test func `options come in both spellings and in any order`() throws {
        let arguments = try Arguments(
            ["--shards=3", "a.graphql", "--format", "json", "--watch"], for: Self.syntax)
        #expect(arguments.number("--shards") == 3 && arguments.wantsJSON && arguments.has("--watch"))
        #expect(arguments.operands == ["a.graphql"] && arguments.config == "gateway.yaml" && !arguments.wantsHelp)
    }

    @Test func `the last of several values wins, and after two dashes nothing is an option`() throws {
        let arguments = try Arguments(["--config", "a", "--config=b=c", "--", "--watch"], for: Self.syntax)
        #expect(arguments.config == "b=c" && arguments.operands == ["--watch"] && !arguments.has("--watch"))
    }

    @Test func `help wins over whatever else is wrong`() throws {
        #expect(try Arguments(["--shards", "2", "--help", "--nope"], for: Self.syntax).wantsHelp)
    }

    @Test(arguments: [
        (["--shard", "2", "f"], "there is no option \"--shard\" (did you mean \"--shards\"?)"),
        (["-x", "f"], "there is no option \"-x\""),
        (["f", "--shards"], "--shards needs a value"),
        (["f", "--config="], "--config needs a value"),
        (["f", "--shards", "0"], "--shards takes a whole number from 1 to 256, not \"0\""),
        (
            ["f", "--shards", "99999999999999999999"],
            "--shards takes a whole number from 1 to 256, not \"99999999999999999999\""
        ),
        (["f", "--format", "yaml"], "--format takes text or json, not \"yaml\""),
        (["f", "--watch=yes"], "--watch takes no value"),
        ([], "FILE is missing"),
        (["f", "g"], "\"g\" is one word too many"),
    ])
    func `what doesn't fit is said in one line`(words: [String], reason: String) {
        #expect(throws: UsageError(reason: reason)) { try Arguments(words, for: Self.syntax) }
    }

    @Test func `the usage names every option`() {
        #expect(
            Self.syntax.usage
                == "usage: sluice try [--config FILE] [--format text|json] [--watch] [--shards N] FILE")
        for option in Self.syntax.options { #expect(Self.syntax.help.contains("  \(option.name)")) }
    }
}
