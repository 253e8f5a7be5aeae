internal import Bytes
internal import JSON

/// The keys of one issuer (RFC 7517 §5). Immutable; any thread.
public struct KeySet: Sendable {
    /// Keys that one set may hold; further ones are left out.
    public static let maximumKeys = 256

    /// The keys, in their order.
    public let keys: [VerificationKey]

    /// A set of these keys.
    public init(_ keys: [VerificationKey]) { self.keys = keys }

    /// Why a text is no set of keys.
    public struct Malformed: Error, Sendable, Hashable {
        /// What is wrong, to be put behind a colon.
        public let reason: String
    }

    /// Reads a JWK set. Keys of kinds that aren't known, or that aren't for signatures, are left out (RFC 7517 §5).
    /// - Throws: `Malformed` where it is no set, or no key of it can be used.
    public init(json text: [UInt8]) throws(Malformed) {
        let body = ByteBuffer(capacity: text.count + 64)
        body.append(text)
        guard JSONMembers.isObjectWithoutDuplicates(body) else {
            throw Malformed(reason: "it is no JSON object, or has members twice")
        }
        let list = JSONMembers.member("keys", of: JSONMembers.root(body), in: body)
        guard list.kind == .list else { throw Malformed(reason: "it has no list \"keys\"") }
        var keys: [VerificationKey] = []
        var failure: VerificationKey.Unusable?
        var cursor = JSONCursor(body, at: list)
        do throws(JSONError) {
            try cursor.enterList()
            while try cursor.nextElement(), keys.count < Self.maximumKeys {
                let key = try cursor.value()
                do throws(VerificationKey.Unusable) {
                    keys.append(try VerificationKey(jwk: JSONMembers.texts(key, in: body)))
                } catch {
                    failure = error
                }
            }
        } catch {
            throw Malformed(reason: "its list of keys can't be read")
        }
        guard !keys.isEmpty else {
            throw Malformed(reason: "it holds no key that can be used" + (failure.map { " (\($0.reason))" } ?? ""))
        }
        self.keys = keys
    }

    /// What a token's header finds in a set.
    enum Match {
        case keys([VerificationKey])
        /// There is no key of that name.
        case unknownIdentifier
        /// There is one, but the algorithm doesn't fit it.
        case misfit
    }

    /// The keys that a token may be signed by: the one that its header names; or, if it names none, all that the
    /// algorithm fits, and those without a name of their own.
    func match(_ identifier: String?, _ algorithm: SignatureAlgorithm) -> Match {
        let named = identifier.map { name in keys.filter { $0.identifier == name } } ?? keys
        let candidates = named.isEmpty ? keys.filter { $0.identifier == nil } : named
        if candidates.isEmpty { return .unknownIdentifier }
        let fitting = candidates.filter { $0.fits(algorithm) }
        return fitting.isEmpty ? .misfit : .keys(fitting)
    }
}
