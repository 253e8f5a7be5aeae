/// What an upstream's targets and the rest of the file say of each other.
struct TargetChecks {
    let configuration: GatewayConfiguration
    let problems: ProblemCollector

    func check() {
        for upstream in configuration.upstreams {
            checkKey(of: upstream)
            checkEjection(of: upstream)
        }
    }

    /// A key that no request can have.
    private func checkKey(of upstream: UpstreamConfiguration) {
        guard let name = upstream.balance.value.argument else { return }
        let routes = configuration.routes.filter { $0.upstream.value == upstream.name.value }
        let names = Set(routes.flatMap(Self.variables))
        guard !names.contains(name) else { return }
        problems.error(
            "no route of this upstream has a variable {\(name)}, so no call has a key; name a variable of a route, or a "
                + "header such as header.x-user-id",
            at: upstream.balance.mark,
            suggestion: Suggestion.nearest(to: name, among: names.sorted()).map { "args.\($0)" })
    }

    private static func variables(of route: RouteConfiguration) -> [String] {
        let template = try? PathTemplate(route.target.value)
        let expressions = route.target.value.split { "/?&=".contains($0) }.filter { $0.hasPrefix("$args.") }
        return (template?.variables.map(\.name) ?? []) + expressions.map { String($0.dropFirst(6)) }
            + (route.body?.value.arguments ?? [])
    }

    /// The only target is never ejected; a name may stand for several.
    private func checkEjection(of upstream: UpstreamConfiguration) {
        guard let ejection = upstream.ejection, let target = upstream.targets.first, upstream.targets.count == 1,
            target.socket != nil || IPAddress.bytes(target.host) != nil
        else { return }
        problems.warning(
            "an upstream's only target is never ejected, as nobody could take its calls; add a target, or write a breaker "
                + "instead",
            at: ejection.mark, rule: .ejectionWithoutEffect)
    }
}

extension LiteralValue {
    /// The names of the arguments that it is made of: `{x}` in a text, `$args.x` alone.
    fileprivate var arguments: [String] {
        switch self {
        case .null, .boolean, .number: return []
        case .string(let text):
            if text.value.hasPrefix("$args.") { return [String(text.value.dropFirst(6))] }
            return text.value.split(separator: "{").dropFirst().compactMap { part in
                part.firstIndex(of: "}").map { String(part[..<$0]) }
            }
        case .list(let items): return items.flatMap(\.arguments)
        case .object(let members): return members.flatMap(\.value.arguments)
        }
    }
}
