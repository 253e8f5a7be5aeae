/// `auth`: which tokens are believed, and who needs one.
public struct AuthConfiguration: Sendable {
    /// `jwt`: one or several, in the file's order; at least one.
    public var issuers: [JWTConfiguration] = []
    /// `default: deny`: root fields and doors that say nothing of their own need a token.
    public var deniesByDefault = false
}

/// One of `auth.jwt`: the tokens of one issuer.
public struct JWTConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// `jwks`: a URL (`http:` or `https:`), or a file relative to this one.
    public var jwks: Located<String>?
    /// `keys`, beside or instead of a JWK set.
    public var keys: [Located<KeyConfiguration>] = []
    /// `issuer`: what `iss` has to be; nil takes any.
    public var issuer: String?
    /// `audience`: one of these has to be in `aud`; empty takes any.
    public var audiences: [String] = []
    /// `algorithms`; nil where they aren't given.
    public var algorithms: [Located<String>]?
    /// `rolesClaim`: the claim that names the roles, a path with dots.
    public var rolesClaim = "roles"
    /// `leeway`: how far clocks may differ.
    public var leeway = TimeSpan.seconds(30)
    /// `header`: where the token stands, in lower case, instead of `Authorization: Bearer`.
    public var header: String?
    /// `cookie`: the name of a cookie that holds the token.
    public var cookie: String?
}

/// One of `keys`.
public enum KeyConfiguration: Sendable {
    /// A PEM file with a public key or a certificate.
    case file(Located<String>, algorithm: String, identifier: String?)
    /// A JSON Web Key: its members that are texts.
    case jwk([String: String])
}

/// `require` of a REST door: what a caller's token has to grant.
public struct RequireConfiguration: Sendable {
    /// Where the block stands.
    public var mark: Mark
    /// Any one of these; empty = no role is needed.
    public var roles: [Located<String>] = []
    /// All of these.
    public var scopes: [Located<String>] = []
}

extension String {
    /// Whether it names a server, not a file.
    public var isURL: Bool { hasPrefix("https://") || hasPrefix("http://") }
}
