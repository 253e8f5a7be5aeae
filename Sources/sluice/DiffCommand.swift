internal import Configuration
internal import Gateway

/// `sluice diff`
enum DiffCommand {
    private static let syntax = CommandSyntax(
        name: "diff", summary: "Says what a change of configuration, schemas and operations means to clients.",
        options: [.format],
        operands: [
            CommandSyntax.Operand(name: "OLD", help: "the configuration that serves"),
            CommandSyntax.Operand(name: "NEW", help: "the one that shall"),
        ])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        let outcome = GatewayComparison.compare(
            old: arguments.operands[0], new: arguments.operands[1], environment: ProcessResources.environment)
        for report in [outcome.reports.old, outcome.reports.new] where report.hasErrors {
            Terminal.complain(report.text)
        }
        guard let comparison = outcome.comparison else { return 1 }
        Terminal.print(arguments.wantsJSON ? comparison.json : comparison.text)
        return comparison.breaks || outcome.reports.new.hasErrors ? 1 : 0
    }
}
