extension UpstreamConfiguration {
    /// Whether a text can be an upstream's `url`.
    public static func isURL(_ text: String) -> Bool {
        let problems = ProblemCollector(file: "")
        let node = YAMLNode(.scalar(text: text, style: .text), mark: .start)
        let field = Field(node: node, keyMark: .start, path: "", pattern: "", problems: problems)
        return field.target(weight: 1) != nil && problems.problems.isEmpty
    }

    /// Reads `url` or `urls`.
    static func targets(_ object: ObjectReader) -> [Target] {
        guard let urls = object["urls"] else {
            return object.required("url", example: "http://127.0.0.1:7001")?.target(weight: 1).map { [$0] } ?? []
        }
        if let url = object["url"] {
            url.error("\"\(object.field.path)\" has both url and urls; keep one", at: url.keyMark)
        }
        guard let items = urls.items(of: "URLs such as [http://127.0.0.1:7001]") else { return [] }
        if items.isEmpty { urls.error("\"\(urls.path)\" must hold at least one URL") }
        let targets = items.compactMap(weightedTarget)
        checkDoubles(targets, urls)
        checkCanaries(targets, urls)
        return targets
    }

    /// A URL, or `{url, weight, when, share}`.
    private static func weightedTarget(_ field: Field) -> Target? {
        guard case .object = field.kind else { return field.target(weight: 1) }
        let keys = ["url", "weight", "when", "share"]
        let object = field.object(keys: keys, example: "{url: http://127.0.0.1:7001, weight: 3}")
        var weight = 1
        object?.read("weight", into: &weight) { $0.integer(1...1000) }
        var target = object?.required("url", example: "http://127.0.0.1:7001")?.target(weight: weight)
        if let when = object?["when"] { target?.condition = conditions(when) }
        if let share = object?["share"] {
            if let both = object?["when"] {
                both.error("a canary has either \"when\" or \"share\"; keep one", at: both.keyMark)
            }
            target?.share = share.percentage().flatMap { value in
                if value > 0, value < 1 { return Located(value, at: share.mark) }
                share.mismatch("a percentage over 0% and below 100% such as 5%")
                return nil
            }
        }
        return target
    }

    private static func conditions(_ field: Field) -> [Target.Condition] {
        let example = "{header: {x-env: canary}}"
        let object = field.object(keys: ["header"], example: example, emptyWhenNull: false)
        let header = object?.required("header", example: "{x-env: canary}")
        guard let entries = header?.entries(of: "field names and their values") else { return [] }
        if entries.isEmpty { header?.error("\"\(field.path).header\" names no field, such as x-env: canary") }
        return entries.compactMap { name, value in
            let text = name.scalarText ?? ""
            guard !text.isEmpty, text.utf8.allSatisfy(Characters.isTokenByte) else {
                name.error("\"\(Field.clipped(text))\" is no field name")
                return nil
            }
            return value.text("the field's value such as canary").map {
                Target.Condition(name: text.lowercased(), value: $0.value)
            }
        }
    }

    /// A URL that is named twice would take two shares of the calls, and be watched as two servers.
    private static func checkDoubles(_ targets: [Target], _ urls: Field) {
        for (index, target) in targets.enumerated() {
            let isSame = { (other: Target) in
                (other.isSecure, other.host, other.port) == (target.isSecure, target.host, target.port)
                    && (other.basePath, other.socket) == (target.basePath, target.socket)
            }
            guard let first = targets[..<index].first(where: isSame) else { continue }
            urls.error(
                "this URL is the one of line \(first.url.mark.line) again; give that one a weight of 2 if it is to have "
                    + "two shares",
                at: target.url.mark)
        }
    }

    private static func checkCanaries(_ targets: [Target], _ urls: Field) {
        guard !targets.isEmpty else { return }
        if !targets.contains(where: \.isForAll) {
            urls.error(
                "every target of \"\(urls.path)\" is a canary, so nobody serves the other requests; leave \"when\" or "
                    + "\"share\" out of one",
                at: urls.keyMark)
        }
        let shares = targets.compactMap(\.share)
        if let last = shares.last, shares.reduce(0, { $0 + $1.value }) >= 1 {
            urls.error(
                "the shares of \"\(urls.path)\" come to 100% or more, which leaves nothing to the others", at: last.mark
            )
        }
    }
}

extension Field {
    /// An `http` or `https` URL: host, perhaps a port, perhaps a path that stands before every request.
    fileprivate func target(weight: Int) -> UpstreamConfiguration.Target? {
        guard let url = text("a URL such as http://127.0.0.1:7001") else { return nil }
        if url.value.hasPrefix("unix:") { return socketTarget(url, weight: weight) }
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

    /// `unix:/run/users.sock`, perhaps with a path that stands before every request: `unix:/run/users.sock:/v1`.
    private func socketTarget(_ url: Located<String>, weight: Int) -> UpstreamConfiguration.Target? {
        let parts = url.value.dropFirst(5).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let socket = String(parts[0])
        guard socket.hasPrefix("/"), !socket.hasPrefix("//"), !socket.hasSuffix("/") else {
            mismatch(
                "the absolute path of a socket such as unix:/run/users.sock",
                suggestion: socket.hasPrefix("//") ? "unix:/" + socket.drop { $0 == "/" } : nil)
            return nil
        }
        // sun_path holds 108 bytes with its NUL (unix(7)).
        guard socket.utf8.count < 108 else {
            error("\"\(path)\": a socket's path has at most 107 bytes; this one has \(socket.utf8.count)")
            return nil
        }
        let prefix = parts.count == 2 ? String(parts[1]) : ""
        guard prefix.isEmpty || prefix.hasPrefix("/") else {
            error("\"\(path)\": after the socket's path and a colon stands the path of all requests, such as :/v1")
            return nil
        }
        if let reason = Self.refusal(authority: "", path: prefix) {
            error("\"\(path)\" \(reason)")
            return nil
        }
        return UpstreamConfiguration.Target(
            url: url, isSecure: false, host: "localhost", port: 80,
            basePath: prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix, socket: socket, weight: weight)
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
