internal import Bytes
internal import Configuration
internal import HTTP

/// `cors` made ready: which origins may read answers, and the fields that tell their browsers (Fetch standard, CORS
/// protocol). Immutable.
struct CrossOriginPolicies: Sendable {
    /// One policy with the texts of its fields.
    struct Policy: Sendable {
        let origin: OriginPattern
        let allowsCredentials: Bool
        let methods: String?
        let headers: String?
        let exposed: String?
        let maxAge: Int
        let allowsPrivateNetwork: Bool
    }

    private let policies: [Policy]
    /// Whether every answer says the same to every origin, so that none depends on it.
    let isSameForAll: Bool

    init(_ cors: CORSConfiguration) {
        policies = cors.policies.map { Policy($0) }
        isSameForAll = policies.first?.origin == .any
    }

    /// The policy for the origin that a request names; nil where it names none, or one that has no policy.
    func policy(for fields: FieldList) -> Policy? {
        guard let index = fields.index(of: .origin) else { return nil }
        // Two origins are none.
        guard fields.index(of: .origin, from: index + 1) == nil else { return nil }
        return policy(forOrigin: fields.value(at: index))
    }

    func policy(forOrigin origin: RawSpan) -> Policy? {
        for policy in policies where policy.origin.matches(origin) { return policy }
        return nil
    }

    /// Says in `output`, an answer's fields, what the request's origin may do with it. Called first of all, so that
    /// refusals can be read too.
    func append(for request: FieldList, to output: FieldList) {
        if isSameForAll {
            output.append(name: "access-control-allow-origin", value: "*")
            if let policy = policies.first { policy.appendExposed(to: output) }
            return
        }
        // Also where there is no Origin, or a foreign one: a cache must not give that answer to another origin.
        output.append(.vary, "Origin")
        guard let policy = policy(for: request), let index = request.index(of: .origin) else { return }
        if policy.origin == .any {
            output.append(name: "access-control-allow-origin", value: "*")
        } else {
            output.append(name: "access-control-allow-origin") { $0.append(request.value(at: index)) }
            if policy.allowsCredentials { output.append(name: "access-control-allow-credentials", value: "true") }
        }
        policy.appendExposed(to: output)
    }

    /// Says in `output` what a preflight asked, beside what `append` says.
    /// - Parameter offered: the methods that the door takes.
    func appendPreflight(_ request: FieldList, offered: String, to output: FieldList) {
        output.append(.vary, "Access-Control-Request-Headers")
        guard let policy = policy(for: request) else { return }
        output.append(name: "access-control-allow-methods", value: policy.methods ?? offered)
        if let headers = policy.headers {
            output.append(name: "access-control-allow-headers", value: headers)
        } else if let asked = request.index(of: .accessControlRequestHeaders) {
            output.append(name: "access-control-allow-headers") { $0.append(request.value(at: asked)) }
        }
        output.append(name: "access-control-max-age", value: String(policy.maxAge))
        if policy.allowsPrivateNetwork, request.string(named: "access-control-request-private-network") == "true" {
            output.append(name: "access-control-allow-private-network", value: "true")
        }
    }

    /// Whether a request is a preflight: a browser asking what a page may send.
    static func isPreflight(_ head: RequestHead) -> Bool {
        head.method == .options && head.fields.contains(.origin) && head.fields.contains(.accessControlRequestMethod)
    }
}

extension CrossOriginPolicies.Policy {
    fileprivate init(_ policy: CORSConfiguration.Policy) {
        origin = policy.origin.value
        allowsCredentials = policy.credentials
        methods = policy.methods?.joined(separator: ", ")
        headers = policy.headers?.joined(separator: ", ")
        exposed = policy.exposeHeaders.isEmpty ? nil : policy.exposeHeaders.joined(separator: ", ")
        maxAge = Int(policy.maxAge.nanoseconds / 1_000_000_000)
        allowsPrivateNetwork = policy.privateNetwork
    }

    fileprivate func appendExposed(to output: FieldList) {
        if let exposed { output.append(name: "access-control-expose-headers", value: exposed) }
    }
}

extension OriginPattern {
    /// Whether `origin`, as a browser sends it, is one of those.
    func matches(_ origin: RawSpan) -> Bool {
        switch self {
        case .any: return true
        case .exact(let text): return origin.equals(text)
        case .subdomains(let before, let after):
            guard origin.byteCount > before.utf8.count + after.utf8.count else { return false }
            let labels = before.utf8.count..<(origin.byteCount - after.utf8.count)
            guard origin.extracting(0..<labels.lowerBound).equals(before),
                origin.extracting(labels.upperBound..<origin.byteCount).equals(after)
            else { return false }
            return Self.areLabels(origin.extracting(labels))
        case .anyPort(let before):
            let start = before.utf8.count
            guard origin.byteCount > start, origin.byteCount <= start + 5, origin.extracting(0..<start).equals(before)
            else { return false }
            for index in start..<origin.byteCount where !Self.isDigit(origin.byte(at: index)) { return false }
            return true
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether these are labels of a host with a dot between each two.
    private static func areLabels(_ text: RawSpan) -> Bool {
        var previous = UInt8(ascii: ".")
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            let isLabel =
                byte &- UInt8(ascii: "a") < 26 || isDigit(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
            guard isLabel || (byte == UInt8(ascii: ".") && previous != byte) else { return false }
            previous = byte
        }
        return previous != UInt8(ascii: ".")
    }
}
