internal import Bytes
internal import HTTP
internal import JOSE
internal import Planning

/// Which tokens are believed, and where a request has its token. Immutable but for the keys that are fetched; any thread.
final class Authentication: Sendable {
    /// One issuer's tokens.
    struct Issuer: Sendable {
        let policy: TokenPolicy
        /// Keys of the configuration.
        let keys: KeySet
        /// Keys that are fetched.
        let source: KeySource?
        let rolesClaim: [String]
    }

    /// Where a request may have a token, and whose it is then.
    struct Place: Sendable {
        enum Kind: Sendable, Equatable {
            /// `Authorization: Bearer …`
            case authorization
            /// A header of its own, with or without `Bearer`; its name in lower case.
            case header(String)
            /// A cookie of that name.
            case cookie(String)
        }

        let kind: Kind
        /// Indices in `issuers`.
        let issuers: [Int]
    }

    let issuers: [Issuer]
    let places: [Place]
    let table: GrantTable

    init(issuers: [Issuer], places: [Place], table: GrantTable) {
        self.issuers = issuers
        self.places = places
        self.table = table
    }

    /// Grows when the keys of any issuer change.
    var version: Int { issuers.reduce(0) { $0 &+ ($1.source?.version ?? 0) } }

    var sources: [KeySource] { issuers.compactMap(\.source) }

    /// A token in a request's fields: the line that it stands in, and its bytes there.
    struct Found {
        let line: Int
        let range: Range<Int>
        let place: Place
    }

    /// What a request has.
    enum Search {
        case none
        case found(Found)
        /// Something that claims to be a token and can't be one.
        case broken
    }

    /// Looks for a token at every place, in order; the first one counts.
    func findToken(_ fields: FieldList) -> Search {
        for place in places {
            switch TokenSearch.find(place.kind, in: fields) {
            case .none: continue
            case .broken: return .broken
            case .found(let line, let range): return .found(Found(line: line, range: range, place: place))
            }
        }
        return .none
    }

    /// What came of looking at a token.
    enum Verdict {
        case believed(VerifiedToken)
        case refused(TokenProblem)
        /// Its key isn't known; these may know it by now.
        case unknownKey([KeySource])
    }

    /// Believes a token or refuses it.
    /// - Parameter now: seconds since 1970.
    func verify(_ text: RawSpan, of place: Place, now: Double) -> Verdict {
        let version = version
        let token: CompactToken
        do throws(TokenProblem) {
            token = try CompactToken(text)
        } catch {
            return .refused(error)
        }
        var askable: [KeySource] = []
        var problem = TokenProblem.issuer
        let claimed = token.claims.issuer
        for index in place.issuers {
            let issuer = issuers[index]
            // Another issuer's token is not checked with this one's keys.
            if let wanted = issuer.policy.issuer, wanted != claimed { continue }
            problem = .noKeys
            for keys in [issuer.keys, issuer.source?.keys].compactMap(\.self) where !keys.keys.isEmpty {
                do throws(TokenProblem) {
                    let expiry = try issuer.policy.verify(token, text, keys: keys, now: now)
                    return .believed(verified(token, text, issuer, expiry, version))
                } catch {
                    problem = error
                    if error == .unknownKey, let source = issuer.source { askable.append(source) }
                }
            }
        }
        return askable.isEmpty ? .refused(problem) : .unknownKey(askable)
    }

    private func verified(
        _ token: CompactToken, _ text: RawSpan, _ issuer: Issuer, _ expiry: Double, _ version: Int
    ) -> VerifiedToken {
        let claims = token.claims
        let grants =
            table.isEmpty
            ? table.grants(roles: [], scopes: [])
            : table.grants(roles: claims.strings(issuer.rolesClaim), scopes: claims.scopes)
        return VerifiedToken(text, claims, grants, expiry, version)
    }
}

/// A token that is believed. Belongs to its shard's loop.
final class VerifiedToken {
    let text: ByteBuffer
    let claims: Claims
    /// What it grants of all that schema and doors ask for.
    let grants: Grants
    /// From when on it isn't believed any more, in seconds since 1970.
    let expiry: Double
    /// The version of the keys that it was believed by.
    let version: Int

    init(_ text: RawSpan, _ claims: Claims, _ grants: Grants, _ expiry: Double, _ version: Int) {
        self.text = ByteBuffer(capacity: text.byteCount)
        self.text.append(text)
        self.claims = claims
        self.grants = grants
        self.expiry = expiry
        self.version = version
    }
}
