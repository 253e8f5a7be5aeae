internal import Configuration

/// `sluice config-schema`
enum ConfigSchemaCommand {
    private static let syntax = CommandSyntax(
        name: "config-schema", summary: "Prints the JSON Schema of gateway.yaml for editors.")

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        Terminal.print(ConfigurationSchema.text)
        return 0
    }
}
