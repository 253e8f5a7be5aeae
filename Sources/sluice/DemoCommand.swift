internal import Configuration
internal import DemoServices
internal import EventLoop
internal import Gateway

/// `sluice demo`
enum DemoCommand {
    private static let syntax = CommandSyntax(
        name: "demo", summary: "Runs four small REST services and the gateway over the repository's gateway.yaml.",
        options: [
            CommandSyntax.Option(
                name: "--port", value: "PORT", kind: .number(0...65_535), help: "of the gateway; 8080 unless given"),
            CommandSyntax.Option(
                name: "--admin-port", value: "PORT", kind: .number(0...65_535),
                help: "of the admin listener; 9090 unless given"),
        ])

    static let subcommand = Subcommand(syntax: syntax, run: run)

    private static func run(_ arguments: Arguments) -> Int32 {
        var signals = Signals()
        guard let file = configurationFile else {
            Terminal.complain("sluice: there is no gateway.yaml here; run the demo in the folder of the checkout")
            return 1
        }
        let services: DemoServices
        do throws(SystemError) {
            services = try startServices()
        } catch {
            Terminal.complain("sluice: can't start the demo's services: \(error)")
            return 1
        }
        defer { services.stop() }
        let environment = ProcessResources.environment.merging(urls(services.ports)) { _, url in url }
        let port = arguments.number("--port") ?? 8080
        let adminPort = arguments.number("--admin-port") ?? 9090
        let source = ConfigurationSource(path: file, environment: environment) {
            $0.listenLocally(port: port, adminPort: adminPort)
        }
        guard let loaded = LoadedGateway(source), let gateway = RunningGateway(loaded, shards: nil) else { return 1 }
        gateway.announce()
        let tour = DemoTour(gateway: gateway.addresses[0], admin: gateway.adminAddress, flaky: services.ports.flaky)
        Terminal.print(tour.text)
        gateway.serve(&signals)
        return 0
    }

    /// The current folder's `gateway.yaml`, else the one nearest above the program.
    private static var configurationFile: String? {
        let folders = ProcessResources.foldersAboveProgram.map { $0 == "/" ? "/gateway.yaml" : "\($0)/gateway.yaml" }
        return (["gateway.yaml"] + folders).first { ProcessResources.isReadable($0) }
    }

    /// On their usual ports, so that the README's lines hold; on free ones where one of those is taken.
    private static func startServices() throws(SystemError) -> DemoServices {
        do throws(SystemError) {
            return try DemoServices.start()
        } catch {
            return try DemoServices.start(
                ports: DemoServices.Ports(users: 0, posts: 0, recommendations: 0, flaky: 0))
        }
    }

    /// The variables by which gateway.yaml finds the services.
    private static func urls(_ ports: DemoServices.Ports) -> [String: String] {
        [
            "SLUICE_DEMO_USERS": "http://127.0.0.1:\(ports.users)",
            "SLUICE_DEMO_POSTS": "http://127.0.0.1:\(ports.posts)",
            "SLUICE_DEMO_RECS": "http://127.0.0.1:\(ports.recommendations)",
            "SLUICE_DEMO_FLAKY": "http://127.0.0.1:\(ports.flaky)",
        ]
    }
}

extension GatewayConfiguration {
    /// Listens on the loopback only, whatever the file says.
    fileprivate mutating func listenLocally(port: Int, adminPort: Int) {
        server.listen = server.listen.prefix(1).map { Self.local($0, port) }
        if let listen = admin?.listen { admin?.listen = Self.local(listen, adminPort) }
    }

    private static func local(_ listen: Located<ListenAddress>, _ port: Int) -> Located<ListenAddress> {
        var listen = listen
        listen.value.host = "127.0.0.1"
        listen.value.port = UInt16(clamping: port)
        return listen
    }
}
