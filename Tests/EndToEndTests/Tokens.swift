import Foundation
import TestSupport
import Testing

/// Tokens of every kind, and the keys that they are signed by: made once by real libraries (`tokens.py`).
struct Tokens {
    /// By name; those whose name begins with "good" or "is" are to be believed.
    let byName: [String: String]
    /// `keys.json`, `key.pem` and `private.pem`, as texts.
    let files: [String: String]

    static let made: Result<Tokens, any Error> = Result {
        let workspace = try Workspace()
        let text = try Python.run([ClientTests.clients.appending(path: "tokens.py").path, workspace.folder.path])
        let tokens = try JSONDecoder().decode([String: String].self, from: text)
        var files: [String: String] = [:]
        for name in ["keys.json", "key.pem", "private.pem"] {
            files[name] = try String(contentsOf: workspace.folder.appending(path: name), encoding: .utf8)
        }
        return Tokens(byName: tokens, files: files)
    }

    /// The field that carries a token.
    func field(_ name: String) throws -> String { "Authorization: Bearer \(try #require(byName[name]))" }

    /// `auth.jwt` of the issuer. The leeway outlasts a slow run of the suite, for which the tokens are made once.
    static let issuer = """
        {jwks: keys.json, keys: [{file: key.pem, alg: RS256, kid: pem}], issuer: "https://issuer.example",
              audience: "https://api.example", rolesClaim: roles, leeway: 20m,
              algorithms: [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, HS256, HS384, HS512]}
        """
}
