internal import HTTP

extension Explanation: CustomStringConvertible {
    /// The explanation as text, several lines with one at the end.
    public var description: String {
        var lines = ["\(kind)\(operationName.map { " \($0)" } ?? ""), profile \(profile)", ""]
        if calls.isEmpty { lines.append("No upstream calls.") }
        let roots = calls.filter { $0.parent == nil }
        let isSerial = kind == "mutation"
        if roots.count > 1 { lines.append(isSerial ? "One after the other:" : "Side by side:") }
        for call in roots { append(call, indentation: "", to: &lines) }
        if !dropped.isEmpty {
            let names = dropped.map { $0.coordinate + ($0.isConditional ? " (where such objects come)" : "") }
            lines += ["", "Dropped for \(profile): \(names.joined(separator: ", "))"]
        }
        lines += ["", "Worst case: \(worstCase)", "Each call: \(Self.order)"]
        lines += ["Limits:"] + limits.map { "   \($0)" } + [""]
        return lines.joined(separator: "\n")
    }

    private func append(_ call: ExplainedCall, indentation: String, to lines: inout [String]) {
        lines.append("\(indentation)\(call.id + 1). \(call.route): \(call.request)  [\(call.upstream)]")
        let inner = indentation + "   "
        lines.append("\(inner)for \(call.responsePath.joined(separator: ".")) (\(call.coordinate))")
        for binding in call.bindings { lines.append("\(inner)\(binding.input) = \(binding.value)") }
        let share = percentOfDeadline(call).map { ", \($0)% of the deadline" } ?? ""
        lines.append("\(inner)\(call.summary)\(share)")
        let children = calls.filter { $0.parent == call.id }
        if children.isEmpty { return }
        lines.append("\(inner)then\(children.count > 1 ? ", side by side" : ""):")
        for child in children { append(child, indentation: inner, to: &lines) }
    }

    /// How much of the deadline a call may take from its beginning, rounded up, where both are known.
    func percentOfDeadline(_ call: ExplainedCall) -> UInt64? {
        guard let deadline, deadline > 0, let time = call.time else { return nil }
        return min(100, time.multiplyingSaturating(100).addingSaturating(deadline - 1) / deadline)
    }

    private var worstCase: String {
        let calls = worstCaseCalls.map { count in
            "\(ExplainedCall.counted(count, "upstream call"))\(isBoundedByLimit ? " (limits.upstreamCalls)" : "")"
        }
        let tries = worstCaseTries.map { " with \(ExplainedCall.counted($0, "try", "tries"))" } ?? ""
        let time = worstCaseTime.map { Self.duration($0) } ?? "no bound in time"
        return "\(calls ?? "one call per list item")\(tries), \(time)"
    }

    /// A duration as configurations write it: whole milliseconds, seconds where it is whole ones.
    static func duration(_ nanoseconds: UInt64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        if milliseconds == 0, nanoseconds > 0 { return "\(nanoseconds / 1_000)us" }
        return milliseconds >= 1_000 && milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}

extension ExplainedCall {
    /// How often, how many tries, how long.
    var summary: String {
        var parts: [String] = []
        if isBatch {
            let size = batchMax.map { " of at most \($0) keys" } ?? ""
            let count = calls.map { $0 == 1 ? "1 batch" : "at most \($0) batches" } ?? "batches"
            parts.append(count + size + (calls == nil ? ", as many as the items need" : ""))
        } else {
            parts.append(calls.map { $0 == 1 ? "1 call" : "at most \($0) calls" } ?? "1 call per item")
        }
        if tries > 1 {
            parts.append("\(tries) tries each" + (timeout.map { " of at most \(Explanation.duration($0))" } ?? ""))
        }
        parts.append(time.map { "at most \(Explanation.duration($0))" } ?? "until the deadline")
        if let cache { parts.append(cache.summary) }
        if let breaker { parts.append("breaker \(breaker)") }
        if let hedge { parts.append("hedged after \(hedge)") }
        if hasFallback { parts.append("fallback") }
        return parts.joined(separator: ", ")
    }

    static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }
}

extension CacheDescription {
    /// What makes two calls the same to the cache.
    var keyParts: [String] { ["method", "path", "query", "content"] + keyFields }

    /// How long, for what, and for whom.
    var summary: String {
        var parts = [ttl.map { "cached for \(Explanation.duration($0))" } ?? "cached as the upstream says"]
        if let window = staleWhileRevalidate {
            parts.append("stale while revalidated for \(Explanation.duration(window))")
        }
        if let staleIfError { parts.append("stale if it fails for \(Explanation.duration(staleIfError))") }
        if let negative { parts.append("404 for \(Explanation.duration(negative))") }
        let key = keyFields.isEmpty ? "" : "by \(keyFields.joined(separator: ", ")), "
        return parts.joined(separator: ", ") + " (\(key)\(isPrivate ? "private" : "public"))"
    }
}

extension Binding {
    /// The binding as an author would write it.
    func text(batch: BatchPlan?) -> String {
        switch self {
        case .literal(let value): value.json
        case .argument(let names): "$args.\(names.joined(separator: "."))"
        case .parent(let steps): "$this.\(Self.text(of: steps))"
        case .batch: "$batch.\(Self.text(of: batch?.parentKey ?? []))"
        case .header(let name): "$header.\(name)"
        case .claim(let names): "$claims.\(names.joined(separator: "."))"
        case .clientSubject: "$client.subject"
        case .profile: "$profile"
        case .list(let items): "[\(items.map { $0.text(batch: batch) }.joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\($0.name): \($0.value.text(batch: batch))" }.joined(separator: ", "))}"
        }
    }

    private static func text(of steps: [PathStep]) -> String {
        JSONPath(
            steps: steps.map { step in
                switch step {
                case .member(let name, _): .member(name)
                case .element(let index): .element(index)
                }
            }
        ).description
    }
}

extension URITemplate {
    /// The template as it was written.
    var text: String {
        var bytes = Array("\(method) ".utf8)
        Self.append(path, to: &bytes)
        for (index, pair) in query.enumerated() {
            bytes.append(UInt8(ascii: index == 0 ? "?" : "&"))
            bytes += pair.name
            guard let value = pair.value else { continue }
            bytes.append(UInt8(ascii: "="))
            Self.append(value, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ parts: [Part], to bytes: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let literal): bytes += literal
            case .variable(let variable) where variable.isExpression: bytes += Array(variable.name.utf8)
            case .variable(let variable):
                bytes += Array("{\(variable.name)".utf8)
                if let joiner = variable.joiner { bytes += [UInt8(ascii: ":"), joiner] }
                bytes.append(UInt8(ascii: "}"))
            }
        }
    }
}
