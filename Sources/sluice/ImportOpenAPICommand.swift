internal import Configuration
internal import OpenAPI

/// `sluice import openapi`
enum ImportOpenAPICommand {
    private static let syntax = CommandSyntax(
        name: "import openapi", summary: "Writes routes and a schema for a service from its OpenAPI document.",
        options: [
            CommandSyntax.Option(
                name: "--upstream", value: "NAME", kind: .name, isRequired: true,
                help: "what the service is called; names its routes and its schema file"),
            CommandSyntax.Option(
                name: "--output", value: "DIR",
                help: "a folder for gateway.yaml and schemas/NAME.graphql; both are printed unless given"),
        ],
        operands: [CommandSyntax.Operand(name: "FILE", help: "OpenAPI 3.0 or 3.1, in YAML or JSON")])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        let source: SourceFile
        do throws(SourceFile.ReadError) {
            source = try SourceFile.read(path: arguments.operands[0], maximumSize: OpenAPIImport.maximumFileSize)
        } catch {
            Terminal.complain("\(arguments.operands[0]):1:1: error: \(error.message)")
            return 1
        }
        let upstream = arguments.value("--upstream") ?? ""
        let imported = OpenAPIImport(source, upstream: upstream)
        if !imported.report.problems.isEmpty { Terminal.complain(imported.report.printout) }
        guard let configuration = imported.configuration, let schema = imported.schema else { return 1 }
        guard let folder = arguments.value("--output") else {
            Terminal.print("# gateway.yaml\n\(configuration)\n# schemas/\(upstream).graphql\n\(schema)")
            return 0
        }
        do throws(NewFiles.Failure) {
            let files = [("gateway.yaml", configuration), ("schemas/\(upstream).graphql", schema)]
            try NewFiles(folder).write(files)
        } catch {
            Terminal.complain("sluice: \(error.reason)")
            return 1
        }
        Terminal.print("wrote \(folder)/gateway.yaml and \(folder)/schemas/\(upstream).graphql")
        return 0
    }
}
