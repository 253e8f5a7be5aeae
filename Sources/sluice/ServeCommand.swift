internal import Gateway
internal import Telemetry

/// `sluice serve`
enum ServeCommand {
    private static let syntax = CommandSyntax(
        name: "serve", summary: "Runs the gateway until SIGTERM or SIGINT; then ends the requests it has.",
        options: [
            .config,
            CommandSyntax.Option(
                name: "--watch", value: nil, help: "reloads when the configuration changes (not in this version)"),
            CommandSyntax.Option(
                name: "--shards", value: "N", kind: .number(1...256),
                help: "threads that serve; one for each processor unless given"),
        ])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        if arguments.has("--watch") {
            Terminal.complain(
                "sluice: --watch is not available in this version: restart to load a changed configuration")
            return 1
        }
        var signals = Signals()
        guard let loaded = LoadedGateway(arguments.config),
            let gateway = RunningGateway(loaded, shards: arguments.number("--shards"))
        else { return 1 }
        gateway.announce()
        gateway.serve(&signals)
        return 0
    }
}
