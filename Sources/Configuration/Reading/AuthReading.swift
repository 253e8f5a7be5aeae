extension AuthConfiguration {
    private enum Default: String, CaseIterable { case allow, deny }

    /// Reads `auth`; nil where it has no `jwt`.
    static func read(_ field: Field) -> AuthConfiguration? {
        let example = "{jwt: {jwks: https://issuer.example/jwks.json, issuer: https://issuer.example}}"
        guard let object = field.object(keys: ["jwt", "default"], example: example),
            let jwt = object.required("jwt", example: "{jwks: https://issuer.example/jwks.json}")
        else { return nil }
        var auth = AuthConfiguration()
        if case .list = jwt.kind {
            let items = jwt.items(of: "issuers") ?? []
            if items.isEmpty { jwt.error("\"\(jwt.path)\" must hold at least one issuer") }
            auth.issuers = items.compactMap(JWTConfiguration.read)
        } else {
            auth.issuers = [JWTConfiguration.read(jwt)].compactMap(\.self)
        }
        object.read("default", into: &auth.deniesByDefault) { $0.choice(Default.self).map { $0 == .deny } }
        return auth
    }
}

extension JWTConfiguration {
    private static let keys = [
        "jwks", "keys", "issuer", "audience", "algorithms", "rolesClaim", "leeway", "header", "cookie",
    ]

    fileprivate static func read(_ field: Field) -> JWTConfiguration? {
        let example = "{jwks: https://issuer.example/jwks.json, issuer: https://issuer.example}"
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return nil }
        var jwt = JWTConfiguration(mark: field.keyMark)
        object.read("jwks", into: &jwt.jwks) { $0.text("a URL or a file such as https://issuer.example/jwks.json") }
        if let field = object["keys"] {
            jwt.keys = (field.items(of: "keys") ?? []).compactMap { item in
                KeyConfiguration.read(item).map { Located($0, at: item.mark) }
            }
        }
        if object["jwks"] == nil, object["keys"] == nil {
            field.error(
                "\"\(field.path)\" has no keys to check tokens with; give jwks: a URL or file, or keys: [...]",
                at: field.keyMark)
        }
        object.read("issuer", into: &jwt.issuer) { $0.text("an issuer such as https://issuer.example")?.value }
        object.read("audience", into: &jwt.audiences) { field in
            if case .list = field.kind {
                return field.texts("audience", example: "https://api.example")?.map(\.value)
            }
            return field.text("an audience such as https://api.example").map { [$0.value] }
        }
        object.read("algorithms", into: &jwt.algorithms) { field in
            field.texts("algorithm", example: "RS256").flatMap { list in
                if list.isEmpty { field.error("\"\(field.path)\" allows no algorithm, so no token") }
                return list.isEmpty ? nil : list
            }
        }
        object.read("rolesClaim", into: &jwt.rolesClaim) {
            $0.text("a claim such as roles or realm_access.roles")?.value
        }
        object.read("leeway", into: &jwt.leeway) { $0.duration(allowsZero: true) }
        object.read("header", into: &jwt.header) { $0.token("a header's name such as x-token")?.lowercased() }
        object.read("cookie", into: &jwt.cookie) { $0.token("a cookie's name such as token") }
        return jwt
    }
}

extension KeyConfiguration {
    private static let fileKeys = ["file", "alg", "kid"]
    private static let jwkKeys = [
        "kty", "kid", "alg", "use", "key_ops", "k", "n", "e", "crv", "x", "y", "x5c", "x5t", "x5t#S256", "x5u",
    ]

    fileprivate static func read(_ field: Field) -> KeyConfiguration? {
        guard case .object(let pairs) = field.kind else {
            field.mismatch("a key such as {file: key.pem, alg: RS256} or a JWK such as {kty: oct, k: ...}")
            return nil
        }
        let isFile = pairs.contains { pair in
            if case .scalar("file", _) = pair.key.content { true } else { false }
        }
        let object = ObjectReader(field, pairs: pairs, keys: isFile ? fileKeys : jwkKeys)
        guard isFile else {
            guard object.required("kty", example: "RSA") != nil else { return nil }
            var members: [String: String] = [:]
            for key in jwkKeys { if let text = object[key]?.scalarText { members[key] = text } }
            return .jwk(members)
        }
        guard let file = object["file"]?.text("a PEM file such as key.pem"),
            let algorithm = object.required("alg", example: "RS256")?.text("an algorithm such as RS256")
        else { return nil }
        return .file(file, algorithm: algorithm.value, identifier: object["kid"]?.scalarText)
    }
}

extension RequireConfiguration {
    /// Reads `require` of a door.
    static func read(_ field: Field) -> RequireConfiguration? {
        guard let object = field.object(keys: ["roles", "scopes"], example: "{roles: [admin]}") else { return nil }
        var require = RequireConfiguration(mark: field.keyMark)
        object.read("roles", into: &require.roles) { $0.texts("role", example: "admin") }
        object.read("scopes", into: &require.scopes) { $0.texts("scope", example: "read:users") }
        return require
    }
}

extension Field {
    /// A token of RFC 9110 §5.6.2: the name of a header or cookie.
    fileprivate func token(_ expected: String) -> String? {
        guard case .text(let text) = kind, !text.isEmpty, text.utf8.allSatisfy(Characters.isTokenByte) else {
            mismatch(expected)
            return nil
        }
        return text
    }
}
