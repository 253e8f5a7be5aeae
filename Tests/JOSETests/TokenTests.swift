import Bytes
import JOSE
import Testing

@Suite("JOSE: RFC 7515, 7517, 7519, 8037")
struct JOSETests {
    /// RFC 7515 appendix A.1: signed by HS256.
    static let hmac = (
        token: "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        key: [
            "kty": "oct",
            "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        ]
    )

    /// RFC 8037 appendix A.4: signed by Ed25519; its payload is no JSON.
    static let edwards = [
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    ]

    static func verify(
        _ text: String, _ keys: [VerificationKey], _ policy: TokenPolicy, now: Double
    ) throws(TokenProblem) -> Double {
        let buffer = ByteBuffer()
        buffer.append(text)
        return try policy.verify(CompactToken(buffer.bytes), buffer.bytes, keys: KeySet(keys), now: now)
    }

    @Test func `the example of RFC 7515 is believed until it ends`() throws {
        let keys = [try VerificationKey(jwk: Self.hmac.key)]
        let policy = TokenPolicy(algorithms: [.hs256], issuer: "joe")
        #expect(try Self.verify(Self.hmac.token, keys, policy, now: 1_300_819_000) == 1_300_819_410)
        #expect(try Self.verify(Self.hmac.token, keys, policy, now: 1_300_819_409) == 1_300_819_410)
        #expect(throws: TokenProblem.expired) {
            try Self.verify(Self.hmac.token, keys, policy, now: 1_300_819_410)
        }
        #expect(throws: TokenProblem.algorithm) {
            try Self.verify(Self.hmac.token, keys, TokenPolicy(algorithms: [.rs256]), now: 0)
        }
        #expect(throws: TokenProblem.issuer) {
            try Self.verify(Self.hmac.token, keys, TokenPolicy(algorithms: [.hs256], issuer: "jim"), now: 0)
        }
    }

    @Test func `claims are found by name and by path`() throws {
        let buffer = ByteBuffer()
        buffer.append(Self.hmac.token)
        let claims = try CompactToken(buffer.bytes).claims
        #expect(claims.issuer == "joe")
        // A claim named by a URL has dots in its name.
        #expect(claims.text(["http://example", "com/is_root"]) == "true")
        #expect(claims.text(["http://example", "org/is_root"]) == nil)
    }

    @Test func `every change of one character is refused`() throws {
        let keys = [try VerificationKey(jwk: Self.hmac.key)]
        let policy = TokenPolicy(algorithms: Set(SignatureAlgorithm.allCases))
        let bytes = Array(Self.hmac.token.utf8)
        for index in bytes.indices {
            for replacement in ["A", "B", "-", ".", "=", "$", " "] as [Character] {
                guard let byte = replacement.asciiValue, byte != bytes[index] else { continue }
                var changed = bytes
                changed[index] = byte
                #expect(throws: TokenProblem.self) {
                    try Self.verify(String(decoding: changed, as: UTF8.self), keys, policy, now: 1_300_819_000)
                }
            }
        }
    }

    @Test(arguments: [
        ("", [UInt8]()), ("Zg", [0x66]), ("Zm8", [0x66, 0x6F]), ("Zm9v", [0x66, 0x6F, 0x6F]), ("-_8", [0xFB, 0xFF]),
    ])
    func `Base64URL is read`(text: String, bytes: [UInt8]) {
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "+/8", "Zm 9", "Zm9v\n", "Zm9vé"])
    func `Base64URL has one text for each sequence of bytes`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `keys fit their algorithms only`() throws {
        let edwards = try VerificationKey(jwk: Self.edwards)
        let secret = try VerificationKey(jwk: Self.hmac.key)
        #expect(SignatureAlgorithm.allCases.filter(edwards.fits) == [.edDSA])
        #expect(SignatureAlgorithm.allCases.filter(secret.fits) == [.hs256, .hs384, .hs512])
    }

    static let unusable: [[String: String]] = [
        [:], ["kty": "none"], ["kty": "oct"], ["kty": "oct", "k": ""], ["kty": "oct", "k": "a+b"],
        ["kty": "oct", "k": "AAAA", "alg": "RS256"], ["kty": "oct", "k": "AAAA", "use": "enc"],
        ["kty": "RSA", "n": "AQAB", "e": "AQAB"], ["kty": "RSA", "n": "AQAB"],
        ["kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"],
        ["kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"],
        ["kty": "EC", "crv": "P-256", "x": String(repeating: "A", count: 43), "y": String(repeating: "A", count: 43)],
        ["kty": "OKP", "crv": "X25519", "x": String(repeating: "A", count: 43)],
        ["kty": "OKP", "crv": "Ed25519", "x": "AAAA"],
        edwards.merging(["d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"]) { $1 },
    ]

    @Test(arguments: unusable)
    func `a key that makes no sense is refused`(members: [String: String]) {
        #expect(throws: VerificationKey.Unusable.self) { try VerificationKey(jwk: members) }
    }
}
