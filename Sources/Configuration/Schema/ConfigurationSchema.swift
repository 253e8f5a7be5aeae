/// The JSON Schema of gateway.yaml (draft 2020-12), for editors: what `sluice config-schema` prints.
///
/// It says of each key what it is, what may stand there and what holds without it. It sees one value at a time: that
/// names refer to something, that two values fit together, is for `sluice check`. A test holds its keys to those that
/// the readers know.
public enum ConfigurationSchema {
    /// The schema as JSON text.
    public static var text: String {
        guard case .object(let members) = root.schema(at: "") else { return "" }
        let head: [(name: String, value: SchemaValue)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")), ("title", .text("Sluice gateway.yaml")),
        ]
        return SchemaValue.object(head + members).json
    }

    static let root = SchemaNode.object(
        [
            "server": server, "admin": admin, "graphql": graphQL,
            "upstreams": .map(of: upstream, names: name).described("The services behind the gateway, by name."),
            "routes": .map(of: route, names: name)
                .described("Requests that upstreams can be sent, by name: the only place that names their paths."),
            "rest": .map(of: door, names: "^(?:\((RequestLine.methods + ["ANY"]).joined(separator: "|"))) +/|\\$\\{")
                .described("Doors for REST clients on the public listener, by \"METHOD /path/{x}\"."),
            "profiles": profiles, "auth": auth, "cors": cors, "rateLimits": rateLimits,
            "redis": redis, "telemetry": telemetry,
        ], mayBeEmpty: false)

    /// What upstreams and routes may be called.
    private static let name = #"^[A-Za-z0-9._-]{1,128}$|\$\{"#

    // MARK: The listeners

    private static let server: SchemaNode = {
        let values = ServerConfiguration()
        return .object([
            "listen": .anyOf(.address, .list(of: .address, atLeast: 1)).standard(.text("127.0.0.1:8080"))
                .described("The public listener: an address, or a list of addresses."),
            "tls": tls,
            "limits": .object([
                "headers": .size.standard(.size(values.limits.headers)).described("Most bytes of a request's head."),
                "body": .size.standard(.size(values.limits.body)).described("Most bytes of buffered content."),
                "connections": .count().standard(.integer(values.limits.connections)).described("Open connections."),
                "connectionsPerAddress": .count(from: 0).standard(.integer(values.limits.connectionsPerAddress))
                    .described("Open connections of one address; 0 is no cap."),
                "inFlight": .count(from: 0).standard(.integer(values.limits.inFlight))
                    .described("Requests at once; 0 is no cap."),
            ]).described("What one client and all of them may take."),
            "timeouts": .object([
                "idle": .duration.standard(.duration(values.timeouts.idle))
                    .described("How long a connection may be without a request."),
                "headers": .duration.standard(.duration(values.timeouts.headers)).described("For a whole head."),
                "body": .duration.standard(.duration(values.timeouts.body)).described("For a pause in a body."),
                "request": .duration.standard(.duration(values.timeouts.request))
                    .described("For the whole request: its deadline."),
            ]).described("How long clients may take, and how long they may have to wait."),
            "trustedProxies": .list(of: .text(#"[0-9a-fA-F:.]+(?:/[0-9]{1,3})?"#)).standard(.list([]))
                .described("Address blocks of peers whose Forwarded and X-Forwarded-* are believed."),
            "drain": .duration.standard(.duration(values.drain))
                .described("How long requests under way may take at the end."),
            "cache": .anyOf(.size, .integer(0...0)).standard(.size(values.cache))
                .described("What stored answers may take; 0 stores none."),
        ]).described("The public listener.")
    }()

    private static let tls: SchemaNode = {
        let certificate = SchemaNode.text().described("PEM, with the chain behind it.")
        let key = SchemaNode.text().described("The certificate's key, PEM, without a passphrase.")
        let ocsp = SchemaNode.text().described("An OCSP response about the certificate, DER.")
        let certificates = SchemaNode.list(
            of: .object(
                ["certificate": certificate, "key": key, "ocsp": ocsp], required: ["certificate", "key"],
                mayBeEmpty: false), atLeast: 1)
        let none = ["certificate", "key", "ocsp"].map { (name: $0, value: SchemaValue.flag(false)) }
        let forms = SchemaValue.list([
            .object([
                ("required", .texts(["certificate", "key"])),
                ("not", .object([("required", .texts(["certificates"]))])),
            ]),
            .object([("required", .texts(["certificates"])), ("properties", .object(none))]),
        ])
        let block = SchemaNode.object(
            [
                "certificate": certificate, "key": key, "ocsp": ocsp,
                "certificates": certificates.described("Several; the first is for clients that ask for no name."),
                "clientCA": .text().described("A PEM file of the authorities of clients' certificates."),
                "clientAuth": .choice(ListenerTLS.ClientAuthentication.self)
                    .standard(.text(ListenerTLS().clientAuthentication.rawValue))
                    .described("Whether a client has to show a certificate, or may."),
            ], mayBeEmpty: false,
            rules: [("oneOf", forms), ("dependentRequired", .object([("clientAuth", .texts(["clientCA"]))]))])
        return .anyOf(block, certificates).described("TLS on the public listeners. Without the block there is none.")
    }()

    private static let admin = SchemaNode.object([
        "listen": .address.standard(.text(AdminConfiguration().listen.value.description)).described("An address."),
        "hosts": .list(of: .text(#"[A-Za-z0-9._-]+|\[?[0-9a-fA-F:.]+\]?"#)).standard(.list([]))
            .described("Names that a Host may hold beside IP addresses and localhost."),
    ]).described("The admin listener: health, metrics, state. Without the block there is none. Never make it public.")

    private static let telemetry: SchemaNode = {
        let values = TelemetryConfiguration()
        return .object([
            "logs": .object([
                "format": .choice(TelemetryConfiguration.LogFormat.self).standard(.text(values.logFormat.rawValue))
                    .described("How a line looks."),
                "level": .choice(TelemetryConfiguration.LogLevel.self).standard(.text(values.logLevel.rawValue))
                    .described("The least grave lines that are written."),
                "access": .boolean.standard(.flag(values.accessLog))
                    .described("Whether each request writes a line."),
                "slow": .duration.described("From which duration on a request writes how it went; without it never."),
            ]).described("The log on standard output."),
            "metrics": .object([
                "exemplars": .boolean.standard(.flag(values.exemplars))
                    .described("Whether the histograms of requests keep a traced request for each bucket.")
            ]).described("The page /metrics of the admin listener."),
            "inspect": inspect,
            "traces": traces,
        ]).described("What the gateway tells of itself.")
    }()

    private static let inspect = SchemaNode.object(
        [
            "addresses": .list(of: .text(#"[0-9a-fA-F:.]+(?:/[0-9]{1,3})?"#)).standard(.list([]))
                .described("Blocks of peers."),
            "claims": .map(of: .scalar).described("Claims of tokens, and what they have to be, or hold."),
        ], mayBeEmpty: false
    ).described("Who is shown how a request went, by x-sluice-trace: 1. Without the block nobody.")

    private static let traces: SchemaNode = {
        let values = TracesConfiguration()
        return .object([
            "otlp": .text("https?://.*").standard(.text(values.otlp.value))
                .described("The base URL of a collector that takes OTLP over HTTP."),
            "sample": .percentage.standard(.percentage(values.sample))
                .described("The share of traces that begin here; a caller's decision comes first."),
            "doors": .object([
                "graphql": .percentage.described("The share at the GraphQL door."),
                "operation": .percentage.described("The share at doors of operations."),
                "route": .percentage.described("The share at doors of routes."),
                "passthrough": .percentage.described("The share at passthrough doors."),
            ]).described("Shares by the kind of door, where they are others than sample."),
            "propagate": .list(of: .choice(TracesConfiguration.Propagation.self), atLeast: 1)
                .standard(.texts(values.propagate.map(\.value.rawValue)))
                .described("The forms in which trace contexts are read and passed on."),
        ]).described("Records requests as traces. Off without the block.")
    }()

    // MARK: GraphQL

    private static let graphQL: SchemaNode = {
        let values = GraphQLConfiguration()
        return .object([
            "path": .text("/[^?#]*").standard(.text(values.path.value)).described("Where the GraphQL door is."),
            "schemas": .list(of: .text(), atLeast: 1).standard(.texts(values.schemas.map(\.value)))
                .described("Schema files, also as patterns; relative to this file."),
            "introspection": .boolean.standard(.flag(values.introspection))
                .described("Whether __schema and __type answer."),
            "statusProfile": .choice(GraphQLConfiguration.StatusProfile.self)
                .standard(.text(values.statusProfile.rawValue))
                .described("Which status codes answers have: draft-2026 tells partial answers by 294."),
            "limits": limits, "persisted": persisted,
        ]).described("The GraphQL door. Without the block there is none.")
    }()

    private static let persisted: SchemaNode = {
        let values = GraphQLConfiguration.Persisted()
        let isOnly = SchemaValue.object([
            ("properties", .object([("only", .object([("const", .flag(true))]))])), ("required", .texts(["only"])),
        ])
        return .object(
            [
                "automatic": .boolean.standard(.flag(values.automatic))
                    .described("Whether clients may register documents by their hash."),
                "manifest": .text().described("A file that lists trusted operations; relative to this file."),
                "only": .boolean.standard(.flag(values.only))
                    .described("Whether nothing but the manifest's operations runs."),
            ], rules: [("if", isOnly), ("then", .object([("required", .texts(["manifest"]))]))]
        ).described("Operations that are asked for by name.")
    }()

    private static let limits: SchemaNode = {
        let values = GraphQLConfiguration.Limits()
        func limit(_ value: GraphQLConfiguration.Limit, from least: Int = 1, _ words: String) -> SchemaNode {
            let block = SchemaNode.object([
                "max": .count(from: least).standard(.integer(value.max)).described("The most that is allowed."),
                "mode": mode,
            ])
            return .anyOf(.count(from: least), block).standard(.integer(value.max)).described(words)
        }
        let mode = SchemaNode.choice(GraphQLConfiguration.LimitMode.self)
            .standard(.text(GraphQLConfiguration.LimitMode.enforce.rawValue))
            .described("enforce refuses what is above, measure only counts it.")
        return .object([
            "mode": mode.described("The mode of every limit that has none of its own."),
            "depth": limit(values.depth, "Fields on the longest path."),
            "tokens": limit(values.tokens, "Lexical tokens of a document."),
            "aliases": limit(values.aliases, from: 0, "Aliases, fragments expanded."),
            "rootFields": limit(values.rootFields, "Fields at the root, fragments expanded."),
            "cost": limit(values.cost, from: 0, "What an operation costs by @cost and @listSize."),
            "upstreamCalls": limit(values.upstreamCalls, from: 0, "Calls made for one operation."),
            "batch": limit(values.batch, "Operations in one batch."),
        ]).described("How large operations may be; more is LIMIT_EXCEEDED. A number, or {max, mode}.")
    }()

    // MARK: Profiles

    private static let profiles: SchemaNode = {
        let values = ProfilesConfiguration()
        let coordinate = SchemaNode.text("[_A-Za-z][_0-9A-Za-z]*[.][_A-Za-z][_0-9A-Za-z]*")
        let profile = SchemaNode.object([
            "userAgent": .list(of: .text()).standard(.list([]))
                .described("Patterns for User-Agent, in which * stands for any text."),
            "drop": .list(of: coordinate).standard(.list([]))
                .described("Fields left out, such as User.history: null, and nothing is fetched for them."),
            "lists": .map(
                of: .count().described("Most items of this field's list."),
                names: #"^[_A-Za-z][_0-9A-Za-z]*[.][_A-Za-z][_0-9A-Za-z]*$|^default$|\$\{"#,
                known: ["default": .count().described("Most items of every other list.")]
            ).described("Most items of lists: default, or by field."),
            "timeout": .duration.described("A deadline for its clients, shorter than server.timeouts.request."),
            "priority": priority,
        ]).described("A kind of device.")
        return .map(
            of: profile, names: #"^[_0-9A-Za-z-]+$|\$\{"#,
            known: [
                "default": .text().standard(.text(values.defaultName.value))
                    .described("The profile of requests that no other one fits."),
                "header": .token.standard(.text(values.header))
                    .described("The field whose value may name a profile."),
            ]
        ).described("Device profiles, by name.")
    }()

    static let priority = SchemaNode.choice(RequestPriority.self).standard(.text(RequestPriority.normal.rawValue))
        .described("How much requests matter while not all can be served.")
}
