internal import Configuration
internal import Gateway
internal import Telemetry

/// `sluice check`
enum CheckCommand {
    private static let syntax = CommandSyntax(
        name: "check", summary: "Checks the configuration, its schemas and stored operations; prints every problem.",
        options: [.config, .format])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        let report = Snapshot.load(
            path: arguments.config, environment: ProcessResources.environment, metrics: MetricsRegistry()
        ).addingReachability(of: arguments.config, environment: ProcessResources.environment)
        if arguments.wantsJSON {
            Terminal.print(report.json)
        } else {
            Terminal.print(report.problems.isEmpty ? "\(arguments.config): no problems" : report.printout)
        }
        return report.hasErrors ? 1 : 0
    }
}
