extension UpstreamConfiguration {
    private static let keys = [
        "url", "urls", "balance", "transport", "timeout", "retry", "breaker", "concurrency", "hedge", "headers",
        "limits",
        "tls",
    ]

    /// Reads one of `upstreams`.
    static func read(name: Field, _ field: Field) -> UpstreamConfiguration {
        var upstream = UpstreamConfiguration(name: Located(name.scalarText ?? "", at: name.mark))
        let example = "{url: http://127.0.0.1:7001}"
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return upstream }
        upstream.targets = targets(object)
        checkBalance(object["balance"])
        object.read("transport", into: &upstream.transport) { $0.choice(Transport.self) }
        object.read("timeout", into: &upstream.timeout) { $0.locatedDuration() }
        object.read("retry", into: &upstream.retry, RetryConfiguration.read)
        object.read("breaker", into: &upstream.breaker, BreakerConfiguration.read)
        object.read("concurrency", into: &upstream.concurrency, ConcurrencyConfiguration.read)
        object.read("hedge", into: &upstream.hedge, HedgeConfiguration.read)
        object.read("headers", into: &upstream.headers, HeadersConfiguration.read)
        if let limits = object["limits"]?.object(keys: ["body", "headers"], example: "{body: 16MiB}") {
            limits.read("body", into: &upstream.limits.body) { $0.size() }
            limits.read("headers", into: &upstream.limits.headers) { $0.size() }
        }
        object.read("tls", into: &upstream.tls, TLS.read)
        upstream.checkSchemes(object)
        return upstream
    }

    private static func targets(_ object: ObjectReader) -> [Target] {
        if let urls = object["urls"] {
            if let url = object["url"] {
                url.error("\"\(object.field.path)\" has both url and urls; keep one", at: url.keyMark)
            }
            guard let items = urls.items(of: "URLs such as [http://127.0.0.1:7001]") else { return [] }
            if items.isEmpty { urls.error("\"\(urls.path)\" must hold at least one URL") }
            return items.compactMap(weightedTarget)
        }
        return object.required("url", example: "http://127.0.0.1:7001")?.target(weight: 1).map { [$0] } ?? []
    }

    /// A URL, or `{url, weight}`.
    private static func weightedTarget(_ field: Field) -> Target? {
        guard case .object = field.kind else { return field.target(weight: 1) }
        let object = field.object(keys: ["url", "weight"], example: "{url: http://127.0.0.1:7001, weight: 3}")
        var weight = 1
        object?.read("weight", into: &weight) { $0.integer(1...1000) }
        return object?.required("url", example: "http://127.0.0.1:7001")?.target(weight: weight)
    }

    private static func checkBalance(_ field: Field?) {
        guard let field else { return }
        switch field.kind {
        case .text("round-robin"), .unresolved: break
        case .text(let text) where UnavailableKeys.balances.contains(text):
            field.error("\"\(field.path): \(text)\" is not available in this version; use round-robin")
        case .object:
            field.error("\"\(field.path)\" by hash is not available in this version; use round-robin")
        default:
            let words = ["round-robin"] + UnavailableKeys.balances
            field.mismatch(
                "round-robin", suggestion: field.scalarText.flatMap { Suggestion.nearest(to: $0, among: words) })
        }
    }

    private func checkSchemes(_ object: ObjectReader) {
        guard let first = targets.first else { return }
        if let other = targets.first(where: { $0.isSecure != first.isSecure }) {
            object.field.error(
                "\"\(object.field.path)\" mixes http and https; the URLs of one upstream share a scheme",
                at: other.url.mark)
        } else if let field = object["tls"], !first.isSecure {
            field.error("\"\(field.path)\" needs https URLs; this upstream's are http", at: field.keyMark)
        } else if transport == .direct, first.isSecure, let field = object["transport"] {
            field.error("the direct transport speaks http only; use curl for https URLs")
        }
    }
}

extension UpstreamConfiguration.TLS {
    fileprivate static func read(_ field: Field) -> UpstreamConfiguration.TLS? {
        let keys = ["ca", "certificate", "key", "serverName", "verify"]
        guard let object = field.object(keys: keys, example: "{ca: ca.pem}") else { return nil }
        var tls = UpstreamConfiguration.TLS()
        object.read("ca", into: &tls.ca) { $0.text("a file name such as ca.pem") }
        object.read("certificate", into: &tls.certificate) { $0.text("a file name such as cert.pem") }
        object.read("key", into: &tls.key) { $0.text("a file name such as key.pem") }
        object.read("verify", into: &tls.verify) { $0.boolean() }
        object.read("serverName", into: &tls.serverName) { (field) -> String? in
            guard let name = field.text("a host name such as users.internal") else { return nil }
            guard let authority = Authority(name.value), authority.port == nil else {
                field.mismatch("a host name such as users.internal")
                return nil
            }
            return authority.host
        }
        if (object["certificate"] == nil) != (object["key"] == nil) {
            field.error("\"\(field.path)\" needs certificate and key together", at: field.keyMark)
        }
        return tls
    }
}

extension Field {
    /// An `http` or `https` URL: host, perhaps a port, perhaps a path that stands before every request.
    fileprivate func target(weight: Int) -> UpstreamConfiguration.Target? {
        guard let url = text("a URL such as http://127.0.0.1:7001") else { return nil }
        guard let separator = url.value.utf8.firstIndex(of: UInt8(ascii: ":")),
            url.value[separator...].hasPrefix("://")
        else {
            mismatch(
                "a URL such as http://127.0.0.1:7001",
                suggestion: Authority(url.value).map { _ in "http://" + url.value })
            return nil
        }
        let scheme = url.value[..<separator].lowercased()
        guard scheme == "http" || scheme == "https" else {
            mismatch("an http or https URL", suggestion: Suggestion.nearest(to: scheme, among: ["http", "https"]))
            return nil
        }
        let rest = Array(url.value.utf8).dropFirst(scheme.utf8.count + 3)
        let name = String(decoding: rest.prefix { !"/?#".utf8.contains($0) }, as: UTF8.self)
        let path = String(decoding: rest.dropFirst(name.utf8.count), as: UTF8.self)
        if let reason = Self.refusal(authority: name, path: path) {
            error("\"\(self.path)\" \(reason)")
            return nil
        }
        guard let authority = Authority(name), authority.port != 0 else {
            mismatch("a URL with a host and perhaps a port such as http://127.0.0.1:7001")
            return nil
        }
        let isSecure = scheme == "https"
        return UpstreamConfiguration.Target(
            url: url, isSecure: isSecure, host: authority.host, port: authority.port ?? (isSecure ? 443 : 80),
            basePath: path.hasSuffix("/") ? String(path.dropLast()) : path, weight: weight)
    }

    /// Why a URL can't be an upstream's.
    private static func refusal(authority: String, path: String) -> String? {
        if authority.utf8.contains(UInt8(ascii: "@")) {
            return "must not hold a user or password; set an authorization header instead"
        }
        if path.utf8.contains(UInt8(ascii: "?")) || path.utf8.contains(UInt8(ascii: "#")) {
            return "must not hold a query or fragment; routes name those"
        }
        guard path.utf8.allSatisfy(Characters.isPathByte) else {
            return "holds a character that a path can't have; percent-encode it"
        }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if segments.contains(".") || segments.contains("..") || segments.dropLast().contains("") {
            return "must not have empty or dot segments in its path"
        }
        return nil
    }
}
