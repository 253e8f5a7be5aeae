/// The command: finds the subcommand, reads its arguments, runs it.
enum CommandLineTool {
    /// The subcommands, in the order of the help.
    static let subcommands = [
        ServeCommand.subcommand, CheckCommand.subcommand, DiffCommand.subcommand, ExplainCommand.subcommand,
        DemoCommand.subcommand, SchemaCommand.subcommand, ConfigSchemaCommand.subcommand,
        ImportOpenAPICommand.subcommand, ExportOpenAPICommand.subcommand, VersionCommand.subcommand,
    ]

    /// Runs the command line.
    /// - Parameter words: the program's name first.
    /// - Returns: the exit code: 0, 1 for a failure that was explained, 2 for wrong usage.
    static func run(_ words: [String]) -> Int32 {
        guard let name = words.dropFirst().first else { return misused("a command is missing", overview) }
        switch name {
        case "help" where words.count > 2: return run([words[0]] + words[2...] + ["--help"])
        case "--help", "-h", "help":
            Terminal.print(overview)
            return 0
        case "--version":
            return run(VersionCommand.subcommand, [])
        default: break
        }
        // Some commands are two words, as in `import openapi`.
        let pairs = subcommands.filter { $0.syntax.name.hasPrefix("\(name) ") }
        let isPair = !pairs.isEmpty
        if isPair, words.count > 2, ["--help", "-h"].contains(words[2]) {
            Terminal.print(pairs.map(\.syntax.help).joined(separator: "\n\n"))
            return 0
        }
        let verb = isPair ? words[1...].prefix(2).joined(separator: " ") : name
        guard let subcommand = subcommands.first(where: { $0.syntax.name == verb }) else {
            let names = subcommands.map(\.syntax.name)
            return misused("there is no command \"\(verb)\"\(Arguments.hint(for: verb, among: names))", overview)
        }
        return run(subcommand, Array(words.dropFirst(isPair ? 3 : 2)))
    }

    private static func run(_ subcommand: Subcommand, _ words: [String]) -> Int32 {
        do throws(UsageError) {
            let arguments = try Arguments(words, for: subcommand.syntax)
            if arguments.wantsHelp {
                Terminal.print(subcommand.syntax.help)
                return 0
            }
            return subcommand.run(arguments)
        } catch {
            return misused(error.reason, subcommand.syntax.usage)
        }
    }

    private static func misused(_ reason: String, _ usage: String) -> Int32 {
        Terminal.complain("sluice: \(reason)\n\(usage)")
        return 2
    }

    private static var overview: String {
        let width = subcommands.map(\.syntax.name.count).max() ?? 0
        let lines = subcommands.map { subcommand in
            let name = subcommand.syntax.name
            return "  \(name)\(String(repeating: " ", count: width + 2 - name.count))\(subcommand.syntax.summary)"
        }
        return """
            usage: sluice COMMAND [OPTIONS]

            A gateway in front of REST services: GraphQL and REST for frontends, trimmed per device.

            \(lines.joined(separator: "\n"))

            sluice COMMAND --help says more. Exit codes: 0, 1 = failed, 2 = wrong usage.
            """
    }
}

/// One of the command's verbs.
struct Subcommand: Sendable {
    /// Its arguments, and the words of its help.
    let syntax: CommandSyntax
    /// Runs it and gives the exit code.
    let run: @Sendable (Arguments) -> Int32
}
