/// The algorithms that a token may be signed by (RFC 7518 §3.1, RFC 8037 §3.1). `none` is not among them.
public enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// What it takes for a key: a key of one kind never checks a signature of another.
    public enum Family: Sendable {
        /// HMAC with a shared secret.
        case hmac
        /// RSASSA-PKCS1-v1_5.
        case rsa
        /// RSASSA-PSS.
        case rsaPSS
        /// ECDSA on the curve that goes with the hash.
        case ecdsa
        /// EdDSA.
        case edwards
    }

    /// The kind of signature.
    public var family: Family {
        switch self {
        case .hs256, .hs384, .hs512: .hmac
        case .rs256, .rs384, .rs512: .rsa
        case .ps256, .ps384, .ps512: .rsaPSS
        case .es256, .es384, .es512: .ecdsa
        case .edDSA: .edwards
        }
    }

    /// Bytes of the hash.
    var hashLength: Int {
        switch self {
        case .hs256, .rs256, .ps256, .es256: 32
        case .hs384, .rs384, .ps384, .es384: 48
        case .hs512, .rs512, .ps512, .es512, .edDSA: 64
        }
    }

    /// The curve, as JWK names it; nil where there is none, or the key says which.
    var curve: Curve? {
        switch self {
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        default: nil
        }
    }
}

/// The curves of keys (RFC 7518 §6.2.1.1, RFC 8037 §2), by their names in a JWK.
enum Curve: String {
    case p256 = "P-256"
    case p384 = "P-384"
    case p521 = "P-521"
    case ed25519 = "Ed25519"
    case ed448 = "Ed448"

    /// As libcrypto calls it.
    var libraryName: StaticString {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        case .p521: "secp521r1"
        case .ed25519: "ED25519"
        case .ed448: "ED448"
        }
    }

    /// Bytes of a coordinate, and of each half of an ECDSA signature.
    var coordinateLength: Int {
        switch self {
        case .p256, .ed25519: 32
        case .p384: 48
        case .p521: 66
        case .ed448: 57
        }
    }
}
