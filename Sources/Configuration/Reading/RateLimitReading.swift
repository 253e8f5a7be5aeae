extension RateLimitConfiguration {
    private static let example = "{key: ip, rate: 100/s}"
    private enum Weight: String, CaseIterable { case cost }

    /// Reads `rateLimits`.
    static func readAll(_ field: Field) -> [RateLimitConfiguration]? {
        field.items(of: "rules such as [\(example)]")?.compactMap(read)
    }

    private static func read(_ field: Field) -> RateLimitConfiguration? {
        let keys = ["key", "rate", "burst", "weight", "store"]
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return nil }
        let key = object.required("key", example: "ip")
        let rate = object.required("rate", example: "100/s")?.rate()
        var rule = RateLimitConfiguration(mark: field.mark)
        let isKeyRead = key.map { rule.readKey($0) } ?? false
        if let rate {
            rule.count = rate.count
            rule.period = rate.period
            rule.burst = rate.count
        }
        object.read("burst", into: &rule.burst) { $0.count() }
        object.read("weight", into: &rule.countsCost) { $0.choice(Weight.self).map { _ in true } }
        object.read("store", into: &rule.store) { $0.choice(StoreKind.self) }
        return isKeyRead && rate != nil ? rule : nil
    }

    /// Reads one part or a list of them; false where there is something else.
    private mutating func readKey(_ field: Field) -> Bool {
        var fields = [field]
        if case .list = field.kind { fields = field.items(of: "keys") ?? [] }
        if fields.isEmpty { field.error("\"\(field.path)\" must name at least one key such as ip") }
        var names: [String] = []
        for field in fields {
            guard let (name, part) = field.rateLimitPart() else { continue }
            if parts.contains(part) { field.error("\"\(name)\" is given twice in this key") }
            parts.append(part)
            names.append(name)
        }
        key = names.joined(separator: "+")
        return !fields.isEmpty && parts.count == fields.count
    }
}

extension Field {
    fileprivate func rateLimitPart() -> (String, RateLimitConfiguration.Part)? {
        let words: KeyValuePairs<String, RateLimitConfiguration.Part> = [
            "ip": .ip, "operation": .operation, "route": .route, "profile": .profile,
        ]
        let expected = "ip, header.NAME, claim.PATH, operation, route or profile"
        guard case .text(let text) = kind else {
            mismatch(expected)
            return nil
        }
        if let word = words.first(where: { $0.key == text }) { return (text, word.value) }
        // The key stands in answers, in quotes (RFC 9651 §3.3.3).
        let isPlain = text.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        if text.hasPrefix("header."), text.utf8.count > 7, text.utf8.dropFirst(7).allSatisfy(Characters.isTokenByte) {
            return (text.lowercased(), .header(String(text.dropFirst(7)).lowercased()))
        }
        if text.hasPrefix("claim."), isPlain {
            let names = text.dropFirst(6).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if !names.contains("") { return (text, .claim(names)) }
        }
        let near = Suggestion.nearest(to: text, among: words.map(\.key))
        mismatch(expected, suggestion: text == "claims.sub" || text == "sub" ? "claim.sub" : near)
        return nil
    }

    /// `100/s`, `/m` or `/h`.
    fileprivate func rate() -> (count: Int, period: RateLimitConfiguration.Period)? {
        var suggestion: String?
        if case .integer(let count) = kind, count > 0 { suggestion = "\(count)/s" }
        if case .text(let text) = kind {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, (1...7).contains(parts[0].utf8.count), parts[0].utf8.allSatisfy(Characters.isDigit),
                let count = Int(parts[0])
            {
                if let period = RateLimitConfiguration.Period(rawValue: parts[1]), (1...1_000_000).contains(count) {
                    return (count, period)
                }
                let meant = ["sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "S": "s", "H": "h"]
                suggestion = meant[parts[1]].map { "\(count)/\($0)" }
            }
        }
        mismatch("a rate from 1 to 1000000 such as 100/s, 600/m or 1000/h", suggestion: suggestion)
        return nil
    }
}
