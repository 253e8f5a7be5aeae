extension Explanation {
    /// The explanation as JSON text: `{operation, kind, profile, calls, dropped, worstCase, cost, limits, order}`. Times
    /// are in milliseconds; what has no bound is null. `deadlineShare` is the part of the deadline that a call may take
    /// from its beginning, from 0 to 1.
    public var json: String {
        let worst = TemplateValue.object([
            member("calls", worstCaseCalls.map(number)), member("tries", worstCaseTries.map(number)),
            member("milliseconds", worstCaseTime.map(milliseconds)),
        ])
        return TemplateValue.object([
            member("operation", operationName.map { .string($0) }), member("kind", .string(kind)),
            member("profile", .string(profile)), member("calls", .list(calls.map(value))),
            member(
                "dropped",
                .list(
                    dropped.map { field in
                        .object([
                            member("coordinate", .string(field.coordinate)),
                            member("conditional", .boolean(field.isConditional)),
                        ])
                    })),
            member("worstCase", worst), member("deadlineMilliseconds", deadline.map(milliseconds)),
            member("cost", number(cost)),
            member(
                "limits", .object(limits.map { TemplateMember(name: $0.name.rawValue, value: value($0)) })),
            member("order", .string(Self.order)),
        ]).json
    }

    private func value(_ limit: ExplainedLimit) -> TemplateValue {
        .object([
            member("measured", limit.measured.map(number)), member("max", (limit.limit?.max).map(number)),
            member("mode", (limit.limit?.mode.rawValue).map { .string($0) }),
            member("verdict", .string(limit.verdict.rawValue)),
        ])
    }

    private func value(_ call: ExplainedCall) -> TemplateValue {
        .object([
            member("id", number(call.id)), member("waitsFor", call.parent.map(number)),
            member("level", number(call.level)), member("path", .list(call.responsePath.map { .string($0) })),
            member("field", .string(call.coordinate)), member("route", .string(call.route)),
            member("upstream", .string(call.upstream)), member("request", .string(call.request)),
            member(
                "bindings",
                .object(call.bindings.map { TemplateMember(name: $0.input, value: .string($0.value)) })),
            member("batch", .boolean(call.isBatch)), member("batchMax", call.batchMax.map(number)),
            member("calls", call.calls.map(number)), member("tries", number(call.tries)),
            member("timeoutMilliseconds", call.timeout.map(milliseconds)),
            member("milliseconds", call.time.map(milliseconds)),
            member("deadlineShare", percentOfDeadline(call).map { .number("\(Double($0) / 100)") }),
            member("singleFlight", .boolean(call.isShared)), member("cache", call.cache.map(value)),
            member("breaker", call.breaker.map { .string($0) }), member("hedge", call.hedge.map { .string($0) }),
            member("fallback", .boolean(call.hasFallback)),
        ])
    }

    private func value(_ cache: CacheDescription) -> TemplateValue {
        .object([
            member("ttl", cache.ttl.map(milliseconds)),
            member("staleWhileRevalidate", cache.staleWhileRevalidate.map(milliseconds)),
            member("staleIfError", cache.staleIfError.map(milliseconds)),
            member("negative", cache.negative.map(milliseconds)),
            member("key", .list(cache.keyParts.map { .string($0) })), member("private", .boolean(cache.isPrivate)),
        ])
    }

    private func member(_ name: String, _ value: TemplateValue?) -> TemplateMember {
        TemplateMember(name: name, value: value ?? .null)
    }

    private func number(_ value: Int) -> TemplateValue { .number(String(value)) }

    private func milliseconds(_ nanoseconds: UInt64) -> TemplateValue { .number(String(nanoseconds / 1_000_000)) }
}
