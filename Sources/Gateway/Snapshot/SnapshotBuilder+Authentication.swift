internal import Configuration
internal import JOSE
internal import Planning
internal import Telemetry

/// `auth`: keys, policies, and the roles and scopes that doors name.
extension SnapshotBuilder {
    /// The roles and scopes that doors require.
    func grantTable() -> GrantTable {
        var table = GrantTable()
        for require in configuration.doors.compactMap(\.require) {
            for role in require.roles { table.add(role: role.value) }
            for scope in require.scopes { table.add(scope: scope.value) }
        }
        return table
    }

    /// What only the schema and the configuration show together.
    mutating func checkAuthorization(_ mapping: MappedSchema) {
        if mapping.authorization.table.isFull {
            report(
                "The schema and the doors name more than \(GrantTable.maximumCount) roles and scopes together; "
                    + "use fewer, coarser ones.", at: configuration.graphQL?.path.mark ?? .start)
        }
        guard configuration.auth == nil, let field = mapping.protectedCoordinate else { return }
        report(
            "\(field) is under @auth, but no token is believed without \"auth\": nobody will see it.",
            at: configuration.graphQL?.schemas.first?.mark ?? .start, severity: .warning,
            rule: .authWithoutTokens)
    }

    /// Who is believed; nil where `auth` is absent. Fetched keys of `previous` go on.
    mutating func authentication(
        _ table: GrantTable, metrics: MetricsRegistry, previous: Authentication?
    ) -> Authentication? {
        guard let auth = configuration.auth else { return nil }
        var issuers: [Authentication.Issuer] = []
        var places: [Authentication.Place] = []
        for jwt in auth.issuers {
            let source = jwt.jwks.flatMap { jwks in
                jwks.value.isURL
                    ? previous?.sources.first { $0.url == jwks.value } ?? issuers.lazy.compactMap(\.source).first {
                        $0.url == jwks.value
                    } ?? KeySource(jwks.value, metrics) : nil
            }
            let keys = keys(of: jwt)
            for kind in Self.places(of: jwt) {
                if let index = places.firstIndex(where: { $0.kind == kind }) {
                    places[index] = Authentication.Place(kind: kind, issuers: places[index].issuers + [issuers.count])
                } else {
                    places.append(Authentication.Place(kind: kind, issuers: [issuers.count]))
                }
            }
            let policy = TokenPolicy(
                algorithms: algorithms(of: jwt, keys), issuer: jwt.issuer, audiences: jwt.audiences,
                leeway: Double(jwt.leeway.nanoseconds) / 1e9)
            issuers.append(
                Authentication.Issuer(
                    policy: policy, keys: KeySet(keys.map(\.key)), source: source,
                    rolesClaim: jwt.rolesClaim.split(separator: ".").map(String.init)))
        }
        return Authentication(issuers: issuers, places: places, table: table)
    }

    private static func places(of jwt: JWTConfiguration) -> [Authentication.Place.Kind] {
        let header = jwt.header.map { name in
            name == "authorization" ? Authentication.Place.Kind.authorization : .header(name)
        }
        let kinds = [header, jwt.cookie.map { .cookie($0) }].compactMap(\.self)
        return kinds.isEmpty ? [.authorization] : kinds
    }

    // MARK: Keys

    private typealias LocatedKey = (key: VerificationKey, mark: Mark, isOwn: Bool)

    /// The keys of the configuration and of a file of keys; a problem for each that can't be used.
    private mutating func keys(of jwt: JWTConfiguration) -> [LocatedKey] {
        var keys: [LocatedKey] = []
        if let jwks = jwt.jwks, !jwks.value.isURL { keys += keySet(jwks) }
        for key in jwt.keys {
            do throws(VerificationKey.Unusable) {
                guard let made = try self.key(key) else { continue }
                keys.append((made, key.mark, true))
            } catch {
                report("This key can't be used: \(error.reason).", at: key.mark)
            }
        }
        return keys
    }

    private mutating func keySet(_ path: Located<String>) -> [LocatedKey] {
        do {
            let file = try SourceFile.read(path: configuration.resolve(path.value), maximumSize: 1 << 20)
            return try KeySet(json: file.bytes).keys.map { ($0, path.mark, false) }
        } catch {
            let reason = (error as? SourceFile.ReadError)?.message ?? (error as? KeySet.Malformed)?.reason ?? "\(error)"
            report("The keys in \"\(path.value)\" can't be read: \(reason)", at: path.mark)
            return []
        }
    }

    private mutating func key(
        _ key: Located<KeyConfiguration>
    ) throws(VerificationKey.Unusable) -> VerificationKey? {
        switch key.value {
        case .jwk(let members): return try VerificationKey(jwk: members)
        case .file(let path, let name, let identifier):
            guard let algorithm = SignatureAlgorithm(rawValue: name) else {
                report(
                    "\"\(name)\" is no algorithm of signatures.", at: key.mark,
                    suggestion: Suggestion.nearest(to: name, among: SignatureAlgorithm.allCases.map(\.rawValue)))
                return nil
            }
            do throws(SourceFile.ReadError) {
                let file = try SourceFile.read(path: configuration.resolve(path.value), maximumSize: 1 << 16)
                return self.key(file, path, identifier, algorithm)
            } catch {
                report("The key file \"\(path.value)\" can't be read: \(error.message)", at: path.mark)
                return nil
            }
        }
    }

    private mutating func key(
        _ file: SourceFile, _ path: Located<String>, _ identifier: String?, _ algorithm: SignatureAlgorithm
    ) -> VerificationKey? {
        do throws(VerificationKey.Unusable) {
            return try VerificationKey(pem: file.bytes, identifier: identifier, algorithm: algorithm)
        } catch {
            report("The key in \"\(path.value)\" can't be used: \(error.reason).", at: path.mark)
            return nil
        }
    }

    // MARK: Algorithms

    /// What is allowed: what is listed; else RS256 and ES256, and what the configured keys name for themselves.
    private mutating func algorithms(of jwt: JWTConfiguration, _ keys: [LocatedKey]) -> Set<SignatureAlgorithm> {
        var algorithms: Set<SignatureAlgorithm> = []
        if let listed = jwt.algorithms {
            for name in listed {
                if let algorithm = SignatureAlgorithm(rawValue: name.value) {
                    algorithms.insert(algorithm)
                } else {
                    let hint =
                        name.value.lowercased() == "none"
                        ? "A token without a signature is worth nothing: \"none\" can't be allowed."
                        : "\"\(name.value)\" is no algorithm of signatures."
                    report(
                        hint, at: name.mark,
                        suggestion: Suggestion.nearest(
                            to: name.value, among: SignatureAlgorithm.allCases.map(\.rawValue)))
                }
            }
        } else {
            algorithms = [.rs256, .es256]
            for key in keys { if let own = key.key.algorithm { algorithms.insert(own) } }
        }
        for key in keys {
            let fitting = algorithms.filter(key.key.fits)
            // A file of keys may hold some for other uses.
            if fitting.isEmpty, !algorithms.isEmpty, key.isOwn {
                report(
                    "This is \(key.key.kind), and none of the algorithms allowed fits it; name one under \"algorithms\".",
                    at: key.mark)
            }
            for algorithm in fitting where key.key.shortfall(for: algorithm) > 0 {
                report(
                    "The secret is \(key.key.shortfall(for: algorithm)) bytes shorter than \(algorithm.rawValue) asks for "
                        + "(RFC 7518 §3.2): it can be guessed from a token.", at: key.mark, severity: .warning,
                    rule: .weakSecret)
            }
        }
        return algorithms
    }
}
