import Foundation
import TestSupport
import Testing

@Suite("sluice import openapi")
struct ImportTests {
    static let document = """
        openapi: 3.0.3
        info: {title: Shop, version: '1'}
        paths:
          /things:
            get:
              operationId: things
              responses: {'200': {description: OK, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
          /photo:
            get: {responses: {'200': {description: OK, content: {image/png: {}}}}}
        """

    @Test func `a folder gets the configuration and the schema, which pass check`() throws {
        let workspace = try Workspace(["api.yaml": Self.document])
        let outcome = try Program.run(
            "import", "openapi", "api.yaml", "--upstream", "shop", "--output", "new/gateway", in: workspace.folder)
        #expect(
            outcome.code == 0
                && outcome.output == "wrote new/gateway/gateway.yaml and new/gateway/schemas/shop.graphql\n")
        #expect(
            outcome.errors.hasPrefix("api.yaml:9:5: warning: GET /photo is left out: it answers image/png, not JSON\n"))
        #expect(outcome.errors.hasSuffix("\n1 warning\n"))
        let check = try Program.run("check", "--config", "new/gateway/gateway.yaml", in: workspace.folder)
        #expect(check.code == 0, "\(check.output)")
    }

    @Test func `nothing is overwritten`() throws {
        let workspace = try Workspace(["api.yaml": Self.document, "gateway.yaml": "mine"])
        let outcome = try Program.run(
            "import", "openapi", "api.yaml", "--upstream=shop", "--output", ".", in: workspace.folder)
        #expect(outcome.code == 1 && outcome.errors.contains("./gateway.yaml is there already"))
        #expect(try String(contentsOf: workspace.folder.appending(path: "gateway.yaml"), encoding: .utf8) == "mine")
        #expect(!FileManager.default.fileExists(atPath: workspace.folder.appending(path: "schemas").path))
    }

    @Test func `without a folder both are printed, each under its name`() throws {
        let workspace = try Workspace(["api.yaml": Self.document])
        let outcome = try Program.run("import", "openapi", "--upstream", "shop", "api.yaml", in: workspace.folder)
        #expect(outcome.code == 0 && outcome.output.hasPrefix("# gateway.yaml\n"))
        #expect(outcome.output.contains("\n# schemas/shop.graphql\n"))
        #expect(outcome.output.hasSuffix("type Query {\n  things: [String!] @rest(route: \"shop.things\")\n}\n"))
    }

    @Test func `what isn't there or isn't OpenAPI is an error with its place`() throws {
        let workspace = try Workspace(["api.yaml": "swagger: '2.0'"])
        let missing = try Program.run("import", "openapi", "nope.yaml", "--upstream", "shop", in: workspace.folder)
        #expect(missing.code == 1 && missing.errors.hasPrefix("nope.yaml:1:1: error: no such file"))
        let old = try Program.run("import", "openapi", "api.yaml", "--upstream", "shop", in: workspace.folder)
        #expect(
            old.code == 1 && old.output.isEmpty && old.errors.hasPrefix("api.yaml:1:10: error: this is Swagger 2.0"))
    }

    @Test(arguments: [
        (["import"], "there is no command \"import\""),
        (["import", "openap"], "there is no command \"import openap\" (did you mean \"import openapi\"?)"),
        (["import", "openapi", "a.yaml"], "--upstream is missing"),
        (
            ["import", "openapi", "--upstream", "a.b", "a.yaml"],
            "--upstream takes a name of letters, digits, - and _, not \"a.b\""
        ),
        (["import", "openapi", "--upstream", "a"], "FILE is missing"),
    ])
    func `wrong usage says what is wrong`(words: [String], reason: String) throws {
        let outcome = try Program.run(words)
        #expect(outcome.code == 2 && outcome.errors.hasPrefix("sluice: \(reason)"), "\(outcome.errors)")
    }
}
