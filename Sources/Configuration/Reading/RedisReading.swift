extension RedisConfiguration {
    private static let example = "{url: redis://127.0.0.1:6379}"

    /// Reads `redis`; nil where its URL can't be read.
    static func read(_ field: Field) -> RedisConfiguration? {
        guard let object = field.object(keys: ["url", "tls"], example: example, emptyWhenNull: false),
            let url = object.required("url", example: "redis://127.0.0.1:6379")
        else { return nil }
        var redis = RedisConfiguration()
        object.read("tls", into: &redis.tls) { UpstreamConfiguration.TLS.read($0, answers: "Redis") }
        guard redis.readURL(url) else { return nil }
        if let tls = object["tls"], !redis.isSecure {
            tls.error("\"\(tls.path)\" needs a rediss:// URL; this one is redis://", at: tls.keyMark)
        }
        return redis
    }

    /// Reads `redis://user:password@host:port/database`; false where it is something else, which is reported. What is
    /// reported never holds the password.
    private mutating func readURL(_ field: Field) -> Bool {
        let expected = "a URL such as redis://127.0.0.1:6379, or rediss://user:password@redis.internal:6379/1"
        guard case .text(let text) = field.kind else {
            field.mismatch(expected)
            return false
        }
        func refuse(_ reason: String) -> Bool {
            field.error("\"\(field.path)\" \(reason); write \(expected)")
            return false
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["redis", "rediss"].contains(parts[0].lowercased()) else {
            return refuse("must begin with redis:// or rediss://")
        }
        url = Located(text, at: field.mark)
        isSecure = parts[0].lowercased() == "rediss"
        var rest = parts[1]
        if let at = rest.lastIndex(of: "@") {
            guard readUser(rest[..<at]) else {
                return refuse("has a user or password that is broken; percent-encode what isn't a letter or digit")
            }
            rest = rest[rest.index(after: at)...]
        }
        let place = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let authority = place.first.flatMap({ Authority(String($0)) }) else {
            return refuse("has no host that can be read")
        }
        host = authority.host
        port = authority.port ?? port
        guard place.count == 2, !place[1].isEmpty else { return true }
        guard place[1].utf8.count <= 4, place[1].utf8.allSatisfy(Characters.isDigit), let number = Int(place[1]) else {
            return refuse("must end in the number of a database after its last slash")
        }
        database = number
        return true
    }

    /// Reads what stands before the `@`: `user:password`, `:password`, or `user`.
    private mutating func readUser(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap(Self.decoded) else { return false }
        if !name.isEmpty { user = name }
        guard parts.count == 2 else { return name.isEmpty }
        guard let word = Self.decoded(parts[1]), !word.isEmpty else { return false }
        password = word
        return true
    }

    /// The text without its percent-encoding (RFC 3986 §2.1); nil where that is broken.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
                let value = UInt8(String(digits) ?? "", radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
