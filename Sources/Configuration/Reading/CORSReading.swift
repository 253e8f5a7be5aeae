extension CORSConfiguration {
    private static let settings = ["credentials", "methods", "headers", "exposeHeaders", "maxAge", "privateNetwork"]

    /// Reads `cors`.
    static func read(_ field: Field) -> CORSConfiguration? {
        let example = "{origins: [\"https://app.example\"]}"
        guard let object = field.object(keys: ["origins"] + settings, example: example, emptyWhenNull: false) else {
            return nil
        }
        let common = Policy(origin: Located(.any, at: field.mark)).overridden(by: object)
        guard let origins = object.required("origins", example: "[\"https://app.example\"]"),
            let items = origins.items(of: "origins such as [\"https://app.example\"]")
        else { return nil }
        if items.isEmpty {
            origins.error("\"\(origins.path)\" must hold at least one origin; remove \"cors\" to have none")
        }
        var result = CORSConfiguration()
        for item in items {
            guard let policy = Policy.read(item, common) else { continue }
            if result.policies.contains(where: { $0.origin.value == policy.origin.value }) {
                item.error("this origin is given twice; the first one would win")
            } else if result.policies.contains(where: { $0.origin.value == .any }) {
                item.error("this origin stands behind \"*\", which fits first; put \"*\" last")
            }
            result.policies.append(policy)
        }
        return result
    }
}

extension CORSConfiguration.Policy {
    /// An origin, or an object with one.
    fileprivate static func read(_ field: Field, _ common: Self) -> Self? {
        var policy = common
        guard case .object = field.kind else {
            guard let origin = field.originPattern() else { return nil }
            policy.origin = origin
            policy.check(field)
            return policy
        }
        let keys = ["origin", "credentials", "methods", "headers", "exposeHeaders", "maxAge", "privateNetwork"]
        guard let object = field.object(keys: keys, example: "{origin: \"https://app.example\"}"),
            let origin = object.required("origin", example: "\"https://app.example\"")?.originPattern()
        else { return nil }
        policy = policy.overridden(by: object)
        policy.origin = origin
        policy.check(field)
        return policy
    }

    fileprivate func overridden(by object: ObjectReader) -> Self {
        var policy = self
        object.read("credentials", into: &policy.credentials) { $0.boolean() }
        object.read("methods", into: &policy.methods) { field in
            field.tokens("method", example: "POST")?.map { $0.uppercased() }
        }
        object.read("headers", into: &policy.headers) { field in
            field.tokens("header name", example: "authorization")?.map { $0.lowercased() }
        }
        object.read("exposeHeaders", into: &policy.exposeHeaders) { field in
            field.tokens("header name", example: "x-request-id")?.map { $0.lowercased() }
        }
        object.read("maxAge", into: &policy.maxAge) { $0.duration(allowsZero: true) }
        object.read("privateNetwork", into: &policy.privateNetwork) { $0.boolean() }
        return policy
    }

    /// With credentials `*` is no wildcard anywhere (Fetch standard, CORS protocol and credentials).
    private func check(_ field: Field) {
        guard credentials else { return }
        if origin.value == .any {
            field.error(
                "\"*\" with credentials would let every page act as its visitor, and browsers refuse it; name the origins",
                at: origin.mark)
        }
        for (key, names) in [("methods", methods), ("headers", headers), ("exposeHeaders", exposeHeaders)]
        where names?.contains("*") == true {
            field.error(
                "with credentials, browsers take \"*\" in \"\(key)\" for a name; list the names", at: origin.mark)
        }
        if case .subdomains(_, let after) = origin.value, !after.dropFirst().contains(".") {
            field.error(
                "\"*\(after)\" with credentials lets the sites of strangers act as their visitors; name the domain",
                at: origin.mark)
        }
    }
}

extension Field {
    /// A list of tokens (RFC 9110 §5.6.2).
    fileprivate func tokens(_ what: String, example: String) -> [String]? {
        texts(what, example: example)?.compactMap { text in
            if text.value.utf8.allSatisfy(Characters.isTokenByte) { return text.value }
            error("\"\(Field.clipped(text.value))\" is no \(what)", at: text.mark)
            return nil
        }
    }

    /// `*`, or an origin with perhaps a `*` in it.
    fileprivate func originPattern() -> Located<OriginPattern>? {
        let expected = "an origin such as https://app.example, https://*.app.example, http://localhost:* or \"*\""
        guard let text = text(expected)?.value else { return nil }
        if text == "*" { return Located(.any, at: mark) }
        if text == "null" {
            error("\"null\" is the origin of every sandboxed page and local file; name the pages' own origin")
            return nil
        }
        guard let separator = text.firstRange(of: "://"), Self.isScheme(text[..<separator.lowerBound]) else {
            mismatch(expected, suggestion: Authority(text) == nil ? nil : "https://\(text)")
            return nil
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let authority = String(text[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        let origin = "\(scheme)://\(authority.lowercased())"
        guard origin == text else {
            let reason = "an origin is written in lower case, and ends with its host or port, without a path"
            error("\"\(Field.clipped(text))\" fits no request: \(reason)", suggestion: origin)
            return nil
        }
        guard let pattern = OriginPattern(scheme: scheme, authority: authority) else {
            mismatch(expected)
            return nil
        }
        if case .exact = pattern, let port = Authority(authority)?.port, Self.defaultPorts[scheme] == port {
            error(
                "\"\(origin)\" fits no request: browsers leave the scheme's own port out",
                suggestion: String(origin.dropLast(":\(port)".count)))
            return nil
        }
        return Located(pattern, at: mark)
    }

    private static let defaultPorts: [String: UInt16] = ["http": 80, "https": 443]

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, Characters.isLetter(first) else { return false }
        return text.utf8.allSatisfy { Characters.isLetter($0) || Characters.isDigit($0) || "+-.".utf8.contains($0) }
    }
}

extension OriginPattern {
    /// The pattern of an origin's two parts, in lower case; nil where they make none.
    fileprivate init?(scheme: String, authority: String) {
        let before = "\(scheme)://"
        if authority.hasPrefix("*.") {
            guard Authority(String(authority.dropFirst(2))) != nil else { return nil }
            self = .subdomains(before: before, after: String(authority.dropFirst()))
        } else if authority.hasSuffix(":*") {
            guard let host = Authority(String(authority.dropLast(2))), host.port == nil else { return nil }
            self = .anyPort(before + authority.dropLast())
        } else {
            guard Authority(authority) != nil else { return nil }
            self = .exact(before + authority)
        }
    }
}
