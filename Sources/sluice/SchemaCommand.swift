internal import Configuration
internal import Gateway

/// `sluice schema`
enum SchemaCommand {
    private static let syntax = CommandSyntax(
        name: "schema", summary: "Prints the API schema as SDL; for a profile, without what it hides.",
        options: [.config, .profile])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        guard let loaded = LoadedGateway(arguments.config) else { return 1 }
        let printed = loaded.snapshot.printSchema(profile: arguments.value("--profile"))
        guard let text = printed.text else {
            Terminal.complain(printed.report.text)
            return 1
        }
        Terminal.print(text)
        return 0
    }
}
