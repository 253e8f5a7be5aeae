internal import Bytes
internal import CLibSSL

extension SignatureAlgorithm {
    /// libcrypto's hash; nil for EdDSA, which brings its own.
    var digest: OpaquePointer? {
        switch self {
        case .edDSA: nil
        default:
            switch hashLength {
            case 32: unsafe EVP_sha256()
            case 48: unsafe EVP_sha384()
            default: unsafe EVP_sha512()
            }
        }
    }
}

/// HMAC (RFC 7518 §3.2).
enum HMACSignature {
    static func verify(
        _ signature: RawSpan, of message: RawSpan, secret: [UInt8], by algorithm: SignatureAlgorithm
    ) -> Bool {
        guard signature.byteCount == algorithm.hashLength else { return false }
        var computed = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let isComputed = unsafe message.withUnsafeBytes { message in
            unsafe HMAC(
                algorithm.digest, secret, Int32(clamping: secret.count),
                message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count, &computed, &length) != nil
        }
        guard isComputed, Int(length) == signature.byteCount else { return false }
        // In constant time: a caller must not learn how many bytes were right.
        return unsafe signature.withUnsafeBytes { unsafe CRYPTO_memcmp(computed, $0.baseAddress, $0.count) == 0 }
    }
}

/// RSASSA-PKCS1-v1_5, RSASSA-PSS, EdDSA, and ECDSA in libcrypto's form.
enum PublicKeySignature {
    static func verify(
        _ signature: RawSpan, of message: RawSpan, key: OpaquePointer, by algorithm: SignatureAlgorithm
    ) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &parameters, algorithm.digest, nil, key) == 1 else { return false }
        if algorithm.family == .rsaPSS {
            // The salt is as long as the hash (RFC 7518 §3.5).
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
            else { return false }
        }
        return unsafe signature.withUnsafeBytes { signature in
            unsafe message.withUnsafeBytes { message in
                unsafe EVP_DigestVerify(
                    context, signature.baseAddress?.assumingMemoryBound(to: UInt8.self), signature.count,
                    message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count) == 1
            }
        }
    }
}

/// ECDSA signatures: a token holds R and S side by side (RFC 7518 §3.4), libcrypto wants them in DER.
enum ECDSASignature {
    static func encode(_ signature: RawSpan, on curve: Curve) -> [UInt8]? {
        let half = curve.coordinateLength
        guard signature.byteCount == 2 * half else { return nil }
        return DER.sequence(
            DER.integer(signature.extracting(0..<half)) + DER.integer(signature.extracting(half..<(2 * half))))
    }
}
