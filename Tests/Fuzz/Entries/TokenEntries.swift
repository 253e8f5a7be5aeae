import Bytes
import JOSE

/// A token by keys that are known, under every algorithm: it is believed or refused for a reason of its own.
func fuzzToken(_ bytes: [UInt8]) {
    let text = buffer(bytes)
    guard let token = try? CompactToken(text.bytes) else { return }
    let policy = TokenPolicy(algorithms: Set(SignatureAlgorithm.allCases))
    _ = token.claims.scopes
    _ = token.claims.strings(["roles"])
    _ = token.claims.text(["org", "unit"])
    _ = try? policy.verify(token, text.bytes, keys: KeySet(tokenKeys), now: 1_300_819_000)
}

/// A set of keys as an issuer may send it.
func fuzzKeys(_ bytes: [UInt8]) {
    guard let set = try? KeySet(json: bytes) else { return }
    precondition(set.keys.count <= KeySet.maximumKeys, "more keys than there may be")
    for key in set.keys { _ = SignatureAlgorithm.allCases.filter(key.fits) }
}

/// The keys of RFC 7515 appendix A.1 and RFC 8037 appendix A.
private let tokenKeys: [VerificationKey] = [
    [
        "kty": "oct",
        "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    ],
    ["kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"],
].compactMap { try? VerificationKey(jwk: $0) }
