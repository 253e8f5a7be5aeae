internal import Configuration
internal import Gateway
internal import Planning

/// `sluice explain`
enum ExplainCommand {
    private static let syntax = CommandSyntax(
        name: "explain", summary: "Prints the plan of an operation: calls, batches, worst case, cost. Sends nothing.",
        options: [
            .config, .profile,
            CommandSyntax.Option(
                name: "--variables", value: "JSON",
                help: "values of the variables that @skip, @include and sizes of lists read"),
            CommandSyntax.Option(
                name: "--operation", value: "NAME", help: "which operation, where the document holds several"),
            .format,
        ],
        operands: [CommandSyntax.Operand(name: "FILE_OR_QUERY", help: "a file, or the text of an operation")])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        guard let loaded = LoadedGateway(arguments.config) else { return 1 }
        let explained = loaded.snapshot.explain(
            ExplainRequest(
                document: arguments.operands[0], operationName: arguments.value("--operation"),
                profile: arguments.value("--profile"), variables: arguments.value("--variables")))
        if !explained.report.problems.isEmpty { Terminal.complain(explained.report.text) }
        guard let explanation = explained.explanation else { return 1 }
        Terminal.print(arguments.wantsJSON ? explanation.json : explanation.description)
        return explained.report.hasErrors ? 1 : 0
    }
}
