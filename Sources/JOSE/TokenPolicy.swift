internal import Bytes

/// What a token has to be to be believed (RFC 7519 §7.2, RFC 8725 §3). Immutable; any thread.
public struct TokenPolicy: Sendable {
    /// Algorithms that are taken.
    public var algorithms: Set<SignatureAlgorithm>
    /// `iss`, exactly; nil takes any.
    public var issuer: String?
    /// One of these has to be in `aud`; empty takes any.
    public var audiences: [String]
    /// Seconds by which clocks may differ.
    public var leeway: Double

    /// A policy.
    public init(
        algorithms: Set<SignatureAlgorithm>, issuer: String? = nil, audiences: [String] = [], leeway: Double = 30
    ) {
        self.algorithms = algorithms
        self.issuer = issuer
        self.audiences = audiences
        self.leeway = leeway
    }

    /// Believes `token` or throws.
    /// - Parameters:
    ///   - text: what `token` was made of.
    ///   - keys: the issuer's keys.
    ///   - now: seconds since 1970.
    /// - Returns: from when on it is no longer believed, in seconds since 1970, leeway included; infinite where it has no
    ///   `exp`.
    public func verify(
        _ token: CompactToken, _ text: RawSpan, keys: KeySet, now: Double
    ) throws(TokenProblem) -> Double {
        guard algorithms.contains(token.algorithm) else { throw .algorithm }
        switch keys.match(token.keyIdentifier, token.algorithm) {
        case .unknownIdentifier: throw .unknownKey
        case .misfit: throw .algorithm
        case .keys(let candidates):
            let signed = text.extracting(0..<token.signedLength)
            let signature = token.signature
            guard candidates.contains(where: { $0.verify(signature.bytes, of: signed, by: token.algorithm) }) else {
                throw .signature
            }
        }
        return try check(token.claims, now: now)
    }

    private func check(_ claims: Claims, now: Double) throws(TokenProblem) -> Double {
        if let issuer, claims.issuer != issuer { throw .issuer }
        if !audiences.isEmpty {
            guard let given = claims.audience, given.contains(where: audiences.contains) else { throw .audience }
        }
        for name in ["nbf", "iat"] {
            switch claims.time(name) {
            case .absent: continue
            case .malformed: throw .malformed
            case .seconds(let time): if time > now + leeway { throw .notYetValid }
            }
        }
        switch claims.time("exp") {
        case .absent: return .infinity
        case .malformed: throw .malformed
        case .seconds(let time):
            guard now < time + leeway else { throw .expired }
            return time + leeway
        }
    }
}
