extension UpstreamConfiguration {
    private static let keys = [
        "url", "urls", "balance", "health", "ejection", "slowStart", "transport", "timeout", "retry", "breaker",
        "concurrency", "hedge", "headers", "limits", "tls", "public",
    ]

    /// Reads one of `upstreams`.
    static func read(name: Field, _ field: Field) -> UpstreamConfiguration {
        var upstream = UpstreamConfiguration(name: Located(name.scalarText ?? "", at: name.mark))
        let example = "{url: http://127.0.0.1:7001}"
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return upstream }
        upstream.targets = targets(object)
        upstream.readBalancing(object)
        object.read("transport", into: &upstream.transport) { $0.choice(Transport.self) }
        object.read("public", into: &upstream.isPublic) { $0.boolean() }
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
        object.read("tls", into: &upstream.tls) { TLS.read($0, answers: "the upstream") }
        upstream.checkSchemes(object)
        return upstream
    }

    private mutating func checkSchemes(_ object: ObjectReader) {
        guard let first = targets.first else { return }
        if let other = targets.first(where: { $0.isSecure != first.isSecure }) {
            object.field.error(
                "\"\(object.field.path)\" mixes http and https; the URLs of one upstream share a scheme",
                at: other.url.mark)
        } else if let field = object["tls"], !first.isSecure {
            field.problems.warning(
                "\"\(field.path)\" does nothing for http URLs: all that is sent can be read and changed on the way; write "
                    + "https URLs, or remove it", at: field.keyMark, rule: .tlsWithoutEffect)
            tls = nil
        } else if transport == .direct, first.isSecure, let field = object["transport"] {
            field.error("the direct transport speaks http only; use curl for https URLs")
        }
    }
}

extension UpstreamConfiguration.TLS {
    /// Reads `tls` of a server that we are the client of.
    /// - Parameter answers: what that server is called.
    static func read(_ field: Field, answers: String) -> UpstreamConfiguration.TLS? {
        let keys = ["ca", "certificate", "key", "serverName", "verify"]
        guard let object = field.object(keys: keys, example: "{ca: ca.pem}") else { return nil }
        var tls = UpstreamConfiguration.TLS()
        object.read("ca", into: &tls.ca) { $0.text("a file name such as ca.pem") }
        object.read("certificate", into: &tls.certificate) { $0.text("a file name such as cert.pem") }
        object.read("key", into: &tls.key) { $0.text("a file name such as key.pem") }
        object.read("verify", into: &tls.verify) { $0.boolean() }
        if let verify = object["verify"], !tls.verify {
            verify.problems.warning(
                "\"\(verify.path): false\" trusts any certificate, so whoever stands on the way can answer for "
                    + "\(answers); name its authority in \"\(field.path).ca\" instead", at: verify.mark,
                rule: .unverifiedUpstream)
        }
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
