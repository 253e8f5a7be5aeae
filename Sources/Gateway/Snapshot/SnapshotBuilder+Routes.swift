internal import Configuration
internal import HTTP
internal import Planning
internal import Resilience
internal import Upstream

/// Routes as planning sees them.
extension SnapshotBuilder {
    /// Routes with templates that could be read, and the names of those that have problems, which are reported.
    typealias RouteDescriptions = (complete: [RouteDescription], broken: Set<String>)

    /// All routes.
    mutating func routeDescriptions() -> RouteDescriptions {
        var routes: RouteDescriptions = ([], [])
        for route in configuration.routes {
            if let description = description(of: route, index: routes.complete.count) {
                routes.complete.append(description)
            } else {
                routes.broken.insert(route.name.value)
            }
        }
        return routes
    }

    private mutating func description(of route: RouteConfiguration, index: Int) -> RouteDescription? {
        let upstream = configuration.upstreams.first { $0.name.value == route.upstream.value }
        let template: URITemplate
        do throws(TemplateError) {
            template = try URITemplate("\(route.method) \(route.target.value)")
        } catch {
            report(
                "The request of route \"\(route.name.value)\" can't be read: \(error.reason).",
                at: route.mark(ofRequest: error.offset))
            return nil
        }
        let headers = (route.headers ?? upstream?.headers)?.set ?? []
        do throws(RouteTemplateErrors) {
            return try RouteDescription(
                index: index, name: route.name.value, upstream: route.upstream.value, template: template,
                headers: headers.map { ($0.name, $0.template.value) }, body: route.body.map { TemplateValue($0.value) },
                batchMax: route.batchMaximum?.value, notFoundIsError: route.notFound == .error,
                policies: policies(of: route, upstream), targetKey: upstream?.balance.value.argument)
        } catch {
            for problem in error.problems {
                let mark: Mark =
                    switch problem.part {
                    case .request(let offset): route.mark(ofRequest: offset)
                    case .header(let name): headers.first { $0.name == name }?.template.mark ?? route.name.mark
                    case .body(let path): route.body?.value.mark(at: path) ?? route.body?.mark ?? route.name.mark
                    }
                report(problem.message, at: mark, suggestion: problem.suggestion)
            }
            return nil
        }
    }

    private func policies(of route: RouteConfiguration, _ upstream: UpstreamConfiguration?) -> RoutePolicies {
        let retry = route.retry ?? upstream?.retry
        let isRetried = route.isRetryable
        let breaker: String? =
            if route.breaker != nil { route.name.value } else { upstream?.breaker.map { _ in route.upstream.value } }
        return RoutePolicies(
            timeout: (route.timeout ?? upstream?.timeout)?.value.nanoseconds,
            attempts: isRetried ? retry?.attempts ?? 1 : 1,
            backoffMax: retry?.backoffMaximum.nanoseconds ?? 0, isIdempotent: isRetried, breaker: breaker,
            hasFallback: route.fallback != nil, hedge: isRetried ? (route.hedge ?? upstream?.hedge)?.text : nil,
            isShared: route.singleFlight && route.method == "GET",
            cache: configuration.server.cache > 0 ? route.cache.map { description(of: $0, route) } : nil)
    }

    private func description(of cache: CacheConfiguration, _ route: RouteConfiguration) -> CacheDescription {
        let forwarded = RouteForwarding(route, in: configuration).forward
        let headers = route.headers ?? configuration.upstreams.first { $0.name.value == route.upstream.value }?.headers
        let fields = forwarded.filter { !UpstreamCall.isOfOneRequest($0) } + (headers?.set.map(\.name) ?? [])
        return CacheDescription(
            ttl: cache.ttl?.nanoseconds, staleWhileRevalidate: cache.staleWhileRevalidate?.nanoseconds,
            staleIfError: cache.staleIfError?.nanoseconds, negative: cache.negative?.nanoseconds, keyFields: fields)
    }
}

extension HedgeConfiguration {
    /// `p95, at most 5% of the calls`.
    fileprivate var text: String {
        let delay =
            switch after.value {
            case .fixed(let time): time.description
            case .percentile(let percent): "p\(percent)"
            }
        let percent = (atMost * 10_000).rounded() / 100
        return "\(delay), at most \(percent == percent.rounded() ? "\(Int(percent))" : "\(percent)")% of the calls"
    }
}

extension TemplateValue {
    /// A value of the configuration.
    init(_ value: LiteralValue) {
        self =
            switch value {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .number(let text): .number(text)
            case .string(let text): .string(text.value)
            case .list(let items): .list(items.map { TemplateValue($0) })
            case .object(let members):
                .object(members.map { TemplateMember(name: $0.name.value, value: TemplateValue($0.value)) })
            }
    }
}

extension RouteForwarding {
    /// What `headers` of `route`, or else of its upstream, says.
    init(_ route: RouteConfiguration?, in configuration: GatewayConfiguration) {
        let upstream = configuration.upstreams.first { $0.name.value == route?.upstream.value }
        self.init(route?.headers ?? upstream?.headers)
    }

    /// The gateway sends these of its own accord.
    private static let always: Set = ["x-request-id", "x-request-timeout-ms", "traceparent", "tracestate"]

    /// What a `headers` block says.
    init(_ headers: HeadersConfiguration?) {
        let remove = headers?.remove ?? []
        self.init(
            forward: (headers?.forward ?? []).filter { !remove.contains($0) && !Self.always.contains($0) },
            remove: remove,
            expose: headers?.expose ?? [])
    }
}

extension RouteConfiguration {
    /// Where a byte of `METHOD /path` is written; a path holds ASCII only.
    fileprivate func mark(ofRequest offset: Int) -> Mark {
        let offset = max(0, offset - method.utf8.count - 1)
        return Mark(line: target.mark.line, column: target.mark.column + offset)
    }
}

extension LiteralValue {
    /// Where the text at a path of member names and indices is written; nil where there is none.
    fileprivate func mark(at path: [String]) -> Mark? {
        var value = self
        for step in path {
            switch value {
            case .list(let items):
                guard let index = Int(step), items.indices.contains(index) else { return nil }
                value = items[index]
            case .object(let members):
                guard let member = members.first(where: { $0.name.value == step }) else { return nil }
                value = member.value
            default: return nil
            }
        }
        guard case .string(let text) = value else { return nil }
        return text.mark
    }
}
