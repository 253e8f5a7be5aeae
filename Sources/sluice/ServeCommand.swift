internal import Gateway
internal import Telemetry

/// `sluice serve`
enum ServeCommand {
    private static let syntax = CommandSyntax(
        name: "serve", summary: "Runs the gateway until SIGTERM or SIGINT; then ends the requests it has.",
        options: [
            .config,
            CommandSyntax.Option(
                name: "--watch", value: nil, help: "reloads when a file of the configuration changes, as SIGHUP does"),
            CommandSyntax.Option(
                name: "--shards", value: "N", kind: .number(1...256),
                help: "threads that serve; one for each processor unless given"),
        ])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        var signals = Signals()
        guard let loaded = LoadedGateway(arguments.config),
            let gateway = RunningGateway(loaded, shards: arguments.number("--shards"))
        else { return 1 }
        gateway.announce()
        gateway.serve(&signals, isWatching: arguments.has("--watch"))
        return 0
    }
}
