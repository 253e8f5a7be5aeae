internal import Gateway
internal import OpenAPI

/// `sluice export openapi`
enum ExportOpenAPICommand {
    private static let syntax = CommandSyntax(
        name: "export openapi", summary: "Prints the REST doors as an OpenAPI 3.1 document.",
        options: [
            .config,
            CommandSyntax.Option(name: "--title", value: "TEXT", help: "of the document; REST doors unless given"),
            CommandSyntax.Option(
                name: "--api-version", value: "TEXT", help: "of what the doors offer; 1 unless given"),
        ])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        guard let loaded = LoadedGateway(arguments.config) else { return 1 }
        let info = OpenAPIExport.Info(
            title: arguments.value("--title") ?? "REST doors", version: arguments.value("--api-version") ?? "1")
        Terminal.print(loaded.snapshot.exportOpenAPI(info).text)
        return 0
    }
}
