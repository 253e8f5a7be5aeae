/// Who can reach and read what, and perhaps shouldn't.
struct ExposureAdvice {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func give() {
        adviseAdmin()
        adviseIntrospection()
        for door in configuration.doors { advisePassthrough(door) }
        for upstream in configuration.upstreams { adviseCredentials(upstream) }
        for policy in configuration.cors?.policies ?? [] { adviseOrigin(policy) }
    }

    private func adviseAdmin() {
        guard let listen = configuration.admin?.listen, !Reach(host: listen.value.host).isThisMachine else { return }
        problems.warning(
            "other machines reach the admin listener at \(listen.value): whoever does can hold breakers open and reload; "
                + "listen on 127.0.0.1, or see that only your own network gets there",
            at: listen.mark, rule: .adminExposed)
    }

    private func adviseIntrospection() {
        guard let graphQL = configuration.graphQL, graphQL.introspection, let only = graphQL.persisted.onlyMark else {
            return
        }
        problems.warning(
            "introspection is on where only the manifest's operations run; write \"introspection: false\"",
            at: graphQL.introspectionMark ?? only, rule: .introspectionOn)
    }

    /// A door that leads to every path which the upstream has.
    private func advisePassthrough(_ door: DoorConfiguration) {
        guard case .upstream(let name, let rewrite) = door.destination, case .rest(let rest)? = door.segments.last,
            let upstream = configuration.upstreams.first(where: { $0.name.value == name.value }),
            upstream.targets.contains(where: \.basePath.isEmpty)
        else { return }
        let isWhole = rewrite.map { $0.value == "/{\(rest)}" } ?? (door.segments.count == 1)
        guard isWhole else { return }
        problems.warning(
            "this door opens every path of \"\(name.value)\" to the public, also those for its operators such as "
                + "/metrics; name the part that is meant, such as rewrite: \"/api/{\(rest)}\"",
            at: name.mark, rule: .openPassthrough)
    }

    /// Tokens and cookies in clear text, on a network that is not the gateway's own.
    private func adviseCredentials(_ upstream: UpstreamConfiguration) {
        guard
            let target = upstream.targets.first(where: {
                !$0.isSecure && $0.socket == nil && !Reach(host: $0.host).isOwnNetwork
            })
        else { return }
        let secrets = ["authorization", "cookie"]
        var sent = configuration.isPassedThrough(upstream) ? secrets : []
        for headers in [upstream.headers] + configuration.routes(to: upstream).map(\.headers) {
            sent += secrets.filter { headers?.forward.contains($0) == true }
        }
        let removed = upstream.headers?.remove ?? []
        let names = secrets.filter { sent.contains($0) && !removed.contains($0) }
        guard !names.isEmpty else { return }
        problems.warning(
            "\(names.joined(separator: " and ")) of clients go to \(target.host) in clear text; use https, or remove "
                + "them: headers: {remove: [\(names.joined(separator: ", "))]}",
            at: target.url.mark, rule: .cleartextCredentials)
    }

    private func adviseOrigin(_ policy: CORSConfiguration.Policy) {
        if policy.origin.value == .any, policy.privateNetwork {
            problems.warning(
                "pages of any site may reach a gateway in a private network; name the origins that are meant",
                at: policy.origin.mark, rule: .corsAnyOrigin)
        }
        guard policy.credentials, let host = policy.origin.value.cleartextHost, !Reach(host: host).isThisMachine else {
            return
        }
        problems.warning(
            "a page that came in clear text may have been changed on its way, and acts for its visitor here; use https",
            at: policy.origin.mark, rule: .corsCleartextOrigin)
    }
}

extension OriginPattern {
    /// The host, without its port, where the scheme is `http`.
    fileprivate var cleartextHost: String? {
        let text: String
        switch self {
        case .any: return nil
        case .exact(let origin): text = origin
        case .subdomains(let before, let after): text = before + after.dropFirst()
        case .anyPort(let before): text = String(before.dropLast())
        }
        guard text.hasPrefix("http://") else { return nil }
        return Authority(String(text.dropFirst("http://".count)))?.host
    }
}
