internal import Bytes
internal import JSON

/// A JWS in compact form (RFC 7515 §7.1), taken apart but not yet believed. Belongs to the thread that reads it.
public struct CompactToken {
    /// Bytes that a token may have.
    public static let maximumLength = 16 * 1024

    /// How the token says it is signed.
    public let algorithm: SignatureAlgorithm
    /// `kid`: the key that it says it is signed by.
    public let keyIdentifier: String?
    /// The claims, valid JSON.
    public let claims: Claims
    /// The length of what is signed: header and payload with the dot between.
    let signedLength: Int
    let signature: ByteBuffer

    /// Takes `text` apart.
    /// - Throws: `TokenProblem` where its form is wrong, a header that must be understood isn't, or it is not signed by
    ///   a known algorithm.
    public init(_ text: RawSpan) throws(TokenProblem) {
        guard text.byteCount <= Self.maximumLength else { throw .malformed }
        var dots: [Int] = []
        for offset in 0..<text.byteCount where text.byte(at: offset) == UInt8(ascii: ".") {
            guard dots.count < 2 else { throw .malformed }
            dots.append(offset)
        }
        guard dots.count == 2 else { throw .malformed }
        let header = try Self.object(text.extracting(0..<dots[0]))
        let root = JSONMembers.root(header)
        // Extensions that must be understood: there are none that are (RFC 7515 §4.1.11); nor is an unencoded payload
        // (RFC 7797).
        guard JSONMembers.member("crit", of: root, in: header).kind == .missing else { throw .criticalHeader }
        guard let name = JSONMembers.member("alg", of: root, in: header).string(in: header),
            let algorithm = SignatureAlgorithm(rawValue: name)
        else { throw .algorithm }
        self.algorithm = algorithm
        let identifier = JSONMembers.member("kid", of: root, in: header)
        keyIdentifier = identifier.string(in: header)
        guard keyIdentifier != nil || identifier.kind == .missing else { throw .malformed }
        claims = Claims(try Self.object(text.extracting((dots[0] + 1)..<dots[1])))
        signedLength = dots[1]
        signature = ByteBuffer(capacity: 512)
        guard Base64URL.decode(text.extracting((dots[1] + 1)..<text.byteCount), to: signature), !signature.isEmpty
        else { throw .malformed }
    }

    private static func object(_ text: RawSpan) throws(TokenProblem) -> ByteBuffer {
        let json = ByteBuffer(capacity: text.byteCount + 64)
        guard Base64URL.decode(text, to: json), JSONMembers.isObjectWithoutDuplicates(json) else { throw .malformed }
        return json
    }
}

/// Why a token is not believed. None of it is told to the client but that it isn't.
public enum TokenProblem: String, Error, Sendable, Hashable {
    /// It is no token, or larger than one may be.
    case malformed
    /// Its header asks for something that is not understood.
    case criticalHeader = "critical-header"
    /// It is not signed by an algorithm that is allowed, or one that doesn't fit the key.
    case algorithm
    /// No key of that name is known.
    case unknownKey = "unknown-key"
    /// There are no keys yet.
    case noKeys = "no-keys"
    /// The signature is not the key's.
    case signature
    case expired
    case notYetValid = "not-yet-valid"
    case issuer
    case audience
}
