extension ServerConfiguration {
    /// Reads `server`.
    static func read(_ field: Field) -> ServerConfiguration {
        var server = ServerConfiguration()
        let keys = ["listen", "tls", "limits", "timeouts", "trustedProxies", "drain", "cache"]
        guard let object = field.object(keys: keys, example: "{listen: 127.0.0.1:8080}") else { return server }
        server.listen[0].mark = field.keyMark
        object.read("listen", into: &server.listen, listeners)
        object.read("tls", into: &server.tls, ListenerTLS.read)
        object.read("limits", into: &server.limits, Limits.read)
        object.read("timeouts", into: &server.timeouts, Timeouts.read)
        object.read("trustedProxies", into: &server.trustedProxies) { field in
            field.items(of: "blocks such as [10.0.0.0/8]")?.compactMap(trustedBlock)
        }
        object.read("cache", into: &server.cache) { $0.size(allowsZero: true) }
        object.read("drain", into: &server.drain) { $0.duration(allowsZero: true) }
        return server
    }

    private static func trustedBlock(_ field: Field) -> AddressBlock? {
        guard let block = field.addressBlock() else { return nil }
        if block.prefixLength == 0 {
            field.problems.warning(
                "this block holds every address, so any client can say what its address is; name those of your proxies",
                at: field.mark, rule: .trustEveryone)
        }
        return block
    }

    private static func listeners(_ field: Field) -> [Located<ListenAddress>]? {
        guard case .list = field.kind else {
            return field.listenAddress().map { [Located($0, at: field.mark)] }
        }
        guard let items = field.items(of: "addresses"), !items.isEmpty else {
            field.error("\"\(field.path)\" must hold at least one address such as 127.0.0.1:8080")
            return nil
        }
        return items.compactMap { item in item.listenAddress().map { Located($0, at: item.mark) } }
    }
}

extension ServerConfiguration.Limits {
    fileprivate static func read(_ field: Field) -> ServerConfiguration.Limits? {
        var limits = ServerConfiguration.Limits()
        let keys = ["headers", "body", "connections", "connectionsPerAddress", "inFlight"]
        guard let object = field.object(keys: keys, example: "{body: 2MiB}") else { return nil }
        object.read("headers", into: &limits.headers) { $0.size() }
        object.read("body", into: &limits.body) { $0.size() }
        object.read("connections", into: &limits.connections) { $0.count() }
        object.read("connectionsPerAddress", into: &limits.connectionsPerAddress) { $0.count(from: 0) }
        object.read("inFlight", into: &limits.inFlight) { $0.count(from: 0) }
        return limits
    }
}

extension ServerConfiguration.Timeouts {
    fileprivate static func read(_ field: Field) -> ServerConfiguration.Timeouts? {
        var timeouts = ServerConfiguration.Timeouts()
        let keys = ["idle", "headers", "body", "request"]
        guard let object = field.object(keys: keys, example: "{request: 5s}") else { return nil }
        object.read("idle", into: &timeouts.idle) { $0.duration() }
        object.read("headers", into: &timeouts.headers) { $0.duration() }
        object.read("body", into: &timeouts.body) { $0.duration() }
        object.read("request", into: &timeouts.request) { $0.duration() }
        return timeouts
    }
}

extension AdminConfiguration {
    /// Reads `admin`.
    static func read(_ field: Field) -> AdminConfiguration {
        var admin = AdminConfiguration()
        admin.listen.mark = field.keyMark
        guard let object = field.object(keys: ["listen", "hosts"], example: "{listen: 127.0.0.1:9090}") else {
            return admin
        }
        object.read("listen", into: &admin.listen) { field in
            field.listenAddress().map { Located($0, at: field.mark) }
        }
        object.read("hosts", into: &admin.hosts) { field in
            field.texts("host name", example: "gateway.internal")?.compactMap { name in
                guard let authority = Authority(name.value), authority.port == nil else {
                    field.error("\"\(Field.clipped(name.value))\" is no host name; leave the port out", at: name.mark)
                    return nil
                }
                return authority.host
            }
        }
        return admin
    }
}

extension TelemetryConfiguration {
    /// Reads `telemetry`.
    static func read(_ field: Field) -> TelemetryConfiguration {
        var telemetry = TelemetryConfiguration()
        guard
            let object = field.object(keys: ["logs", "metrics", "traces", "inspect"], example: "{logs: {level: info}}")
        else {
            return telemetry
        }
        object.read("traces", into: &telemetry.traces, TracesConfiguration.read)
        object.read("inspect", into: &telemetry.inspect, InspectConfiguration.read)
        object["metrics"]?.object(keys: ["exemplars"], example: "{exemplars: true}")?
            .read("exemplars", into: &telemetry.exemplars) { $0.boolean() }
        guard let logs = object["logs"]?.object(keys: ["format", "level", "access", "slow"], example: "{level: info}")
        else {
            return telemetry
        }
        logs.read("format", into: &telemetry.logFormat) { $0.choice(LogFormat.self) }
        logs.read("level", into: &telemetry.logLevel) { $0.choice(LogLevel.self) }
        logs.read("access", into: &telemetry.accessLog) { $0.boolean() }
        logs.read("slow", into: &telemetry.slow) { $0.duration(allowsZero: true) }
        return telemetry
    }
}

extension InspectConfiguration {
    /// Reads `telemetry.inspect`.
    static func read(_ field: Field) -> InspectConfiguration? {
        let example = "{addresses: [127.0.0.1]}"
        guard let object = field.object(keys: ["addresses", "claims"], example: example, emptyWhenNull: false) else {
            return nil
        }
        var inspect = InspectConfiguration()
        object.read("addresses", into: &inspect.addresses) { field in
            field.items(of: "blocks such as [10.0.0.0/8]")?.compactMap { $0.addressBlock() }
        }
        object.read("claims", into: &inspect.claims) { field in
            field.entries(of: "claims and values such as {role: support}")?.compactMap { entry in
                let path = (entry.name.scalarText ?? "").split(separator: ".").map(String.init)
                guard let value = entry.value.scalarText else {
                    entry.value.mismatch("the value that the claim has, or holds, such as support")
                    return nil
                }
                return Claim(path: path, value: value)
            }
        }
        return inspect
    }
}

extension TracesConfiguration {
    /// Reads `telemetry.traces`.
    static func read(_ field: Field) -> TracesConfiguration? {
        var traces = TracesConfiguration()
        let example = "{otlp: \"http://127.0.0.1:4318\", sample: 10%}"
        guard let object = field.object(keys: ["otlp", "sample", "doors", "propagate"], example: example) else {
            return nil
        }
        object.read("otlp", into: &traces.otlp) { field in
            guard let url = field.text("a URL") else { return nil }
            guard url.value.hasPrefix("http://") || url.value.hasPrefix("https://") else {
                field.error("\"\(Field.clipped(url.value))\" is no URL of a collector; write \"http://127.0.0.1:4318\"")
                return nil
            }
            return url
        }
        object.read("sample", into: &traces.sample) { $0.percentage() }
        let names = Door.allCases.map(\.rawValue)
        if let doors = object["doors"]?.object(keys: names, example: "{graphql: 100%, passthrough: 1%}") {
            for door in Door.allCases {
                doors.read(door.rawValue, into: &traces.doors[door]) { $0.percentage() }
            }
        }
        object.read("propagate", into: &traces.propagate) { field in
            guard let items = field.items(of: "w3c and b3") else { return nil }
            if items.isEmpty { field.error("\"propagate\" names at least one of w3c and b3; leave it out for both") }
            return items.compactMap { item in item.choice(Propagation.self).map { Located($0, at: item.mark) } }
        }
        return traces
    }
}
