extension ConfigurationSchema {
    /// `auth`.
    static let auth = SchemaNode.object(
        [
            "jwt": .anyOf(issuer, .list(of: issuer, atLeast: 1))
                .described("Whose tokens are believed: one issuer, or a list."),
            "default": .text("allow|deny").standard(.text("allow"))
                .described("deny: root fields and doors that say nothing of their own need a token."),
        ], required: ["jwt"], mayBeEmpty: false
    ).described("Which tokens are believed, and who needs one.")

    private static let issuer: SchemaNode = {
        let values = JWTConfiguration(mark: .start)
        let oneOf = SchemaValue.list([
            .object([("required", .texts(["jwks"]))]), .object([("required", .texts(["keys"]))]),
        ])
        return .object(
            [
                "jwks": .text().described("A set of keys: a URL or a file."),
                "keys": .list(of: key).described("Keys of its own, beside or instead of a set."),
                "issuer": .text().described("What iss has to be."),
                "audience": .anyOf(.text(), .list(of: .text())).described("One of these has to be in aud."),
                "algorithms": .list(of: .text(), atLeast: 1)
                    .described("Which signatures are believed, such as RS256 and ES256."),
                "rolesClaim": .text().standard(.text(values.rolesClaim))
                    .described("The claim that names the roles, such as realm_access.roles."),
                "leeway": .duration.standard(.duration(values.leeway)).described("How far clocks may differ."),
                "header": .token.described("The field that holds the token, instead of Authorization: Bearer."),
                "cookie": .token.described("The cookie that holds the token."),
            ], mayBeEmpty: false, rules: [("anyOf", oneOf)]
        ).described("The tokens of one issuer.")
    }()

    private static let key: SchemaNode = {
        let file = SchemaNode.object(
            [
                "file": .text().described("A PEM file with a public key or a certificate."),
                "alg": .text().described("The algorithm it is for, such as RS256."),
                "kid": .text().described("Its name in tokens."),
            ], required: ["file", "alg"], mayBeEmpty: false)
        let member = SchemaNode.anything.described("A member of a JSON Web Key (RFC 7517).")
        let key = SchemaNode.object(
            [
                "kty": .text().described("The kind of key: RSA, EC, OKP or oct."), "kid": member, "alg": member,
                "use": member, "key_ops": member, "k": member, "n": member, "e": member, "crv": member, "x": member,
                "y": member, "x5c": member, "x5t": member, "x5t#S256": member, "x5u": member,
            ], required: ["kty"], mayBeEmpty: false)
        return .anyOf(file, key)
    }()

    /// `require` of a door.
    static let require = SchemaNode.object([
        "roles": .list(of: .text()).described("Any one of these."),
        "scopes": .list(of: .text()).described("All of these."),
    ]).described("What a caller's token has to grant.")
}
