internal import Gateway

/// `sluice version`
enum VersionCommand {
    private static let syntax = CommandSyntax(name: "version", summary: "Prints the version.")

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        Terminal.print("sluice \(GatewayVersion.text)")
        return 0
    }
}
