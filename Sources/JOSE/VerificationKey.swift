internal import CLibSSL

/// A key that signatures are checked with. Immutable; any thread (libcrypto's keys are not changed by checking).
@safe public final class VerificationKey: Sendable {
    /// What kind of key it is, which decides the algorithms that it fits.
    enum Material {
        case secret([UInt8])
        case rsa(bits: Int)
        case curve(Curve)
    }

    /// Why something is no key that can be used.
    public struct Unusable: Error, Sendable, Hashable {
        /// What is wrong, to be put behind a colon.
        public let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// Bits that an RSA key has at least (RFC 7518 §3.3).
    static let leastBits = 2048

    /// The key's name, by which a token's header asks for it.
    public let identifier: String?
    /// The only algorithm that it may be used with; nil leaves that to its kind.
    public let algorithm: SignatureAlgorithm?
    let material: Material
    /// Owned; nil for a shared secret. libcrypto counts its references atomically.
    nonisolated(unsafe) private let handle: OpaquePointer?

    /// A shared secret.
    init(secret: [UInt8], identifier: String?, algorithm: SignatureAlgorithm?) throws(Unusable) {
        guard !secret.isEmpty else { throw Unusable("its secret is empty") }
        material = .secret(secret)
        unsafe handle = nil
        self.identifier = identifier
        self.algorithm = algorithm
        if let algorithm, !fits(algorithm) { throw misfit(algorithm) }
    }

    /// A public key of libcrypto's, which from now on belongs to this one, also where it can't be used.
    init(handle: OpaquePointer, identifier: String?, algorithm: SignatureAlgorithm?) throws(Unusable) {
        unsafe self.handle = unsafe handle
        self.identifier = identifier
        self.algorithm = algorithm
        do throws(Unusable) {
            material = try unsafe Self.material(of: handle)
        } catch {
            // An initializer that throws before all is set calls no deinit.
            unsafe EVP_PKEY_free(handle)
            throw error
        }
        if let algorithm, !fits(algorithm) { throw misfit(algorithm) }
    }

    deinit { if let handle = unsafe handle { unsafe EVP_PKEY_free(handle) } }

    private static func material(of handle: OpaquePointer) throws(Unusable) -> Material {
        switch unsafe EVP_PKEY_get_base_id(handle) {
        case EVP_PKEY_RSA:
            let bits = unsafe Int(EVP_PKEY_get_bits(handle))
            guard bits >= leastBits else {
                throw Unusable("an RSA key needs \(leastBits) bits or more, this one has \(bits)")
            }
            return .rsa(bits: bits)
        case EVP_PKEY_ED25519: return .curve(.ed25519)
        case EVP_PKEY_ED448: return .curve(.ed448)
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            let isNamed = unsafe name.withUnsafeMutableBufferPointer { buffer in
                unsafe EVP_PKEY_get_group_name(handle, buffer.baseAddress, buffer.count, &length)
            }
            let text = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            for curve in [Curve.p256, .p384, .p521] where isNamed == 1 && "\(curve.libraryName)" == text {
                return .curve(curve)
            }
            throw Unusable("its curve is none of P-256, P-384 and P-521")
        default: throw Unusable("it is neither RSA nor EC nor Ed25519 nor Ed448")
        }
    }

    private func misfit(_ algorithm: SignatureAlgorithm) -> Unusable {
        Unusable("\(algorithm.rawValue) does not fit it: it is \(kind)")
    }

    /// What it is, in words.
    public var kind: String {
        switch material {
        case .secret: "a shared secret"
        case .rsa(let bits): "an RSA key of \(bits) bits"
        case .curve(let curve): "a key on the curve \(curve.rawValue)"
        }
    }

    /// How many bytes short a shared secret is of what `algorithm` wants (RFC 7518 §3.2); 0 for enough.
    public func shortfall(for algorithm: SignatureAlgorithm) -> Int {
        guard case .secret(let secret) = material else { return 0 }
        return max(0, algorithm.hashLength - secret.count)
    }

    /// Whether signatures of `algorithm` may be checked with it.
    public func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        if let own = self.algorithm, own != algorithm { return false }
        switch (algorithm.family, material) {
        case (.hmac, .secret), (.rsa, .rsa), (.rsaPSS, .rsa): return true
        case (.ecdsa, .curve(let curve)): return curve == algorithm.curve
        case (.edwards, .curve(let curve)): return curve == .ed25519 || curve == .ed448
        default: return false
        }
    }

    /// Whether `signature` is one of `message` by this key.
    public func verify(_ signature: RawSpan, of message: RawSpan, by algorithm: SignatureAlgorithm) -> Bool {
        guard fits(algorithm) else { return false }
        defer { ERR_clear_error() }
        if case .secret(let secret) = material {
            return HMACSignature.verify(signature, of: message, secret: secret, by: algorithm)
        }
        guard let handle = unsafe handle else { return false }
        if algorithm.family != .ecdsa {
            return unsafe PublicKeySignature.verify(signature, of: message, key: handle, by: algorithm)
        }
        guard let curve = algorithm.curve, let encoded = ECDSASignature.encode(signature, on: curve) else {
            return false
        }
        return unsafe PublicKeySignature.verify(encoded.span.bytes, of: message, key: handle, by: algorithm)
    }
}
