internal import Configuration

/// Which doors need a token, and how clients send it.
struct DoorSecurity {
    private let auth: AuthConfiguration

    init(_ auth: AuthConfiguration) { self.auth = auth }

    /// `components.securitySchemes`: the header, another field, a cookie, as the issuers have it.
    var schemes: DocumentValue {
        var schemes: [(String, DocumentValue)] = []
        for issuer in auth.issuers {
            for (name, scheme) in self.schemes(of: issuer) where !schemes.contains(where: { $0.0 == name }) {
                schemes.append((name, scheme))
            }
        }
        return .object(schemes)
    }

    private func schemes(of issuer: JWTConfiguration) -> [(String, DocumentValue)] {
        var schemes: [(String, DocumentValue)] = []
        for (place, name) in [("header", issuer.header), ("cookie", issuer.cookie)] {
            guard let name else { continue }
            schemes.append(
                (
                    "\(place).\(PercentEncoding.componentName(name))",
                    .object([("type", .string("apiKey")), ("in", .string(place)), ("name", .string(name))])
                ))
        }
        let bearer = DocumentValue.object([
            ("type", .string("http")), ("scheme", .string("bearer")), ("bearerFormat", .string("JWT")),
        ])
        return schemes.isEmpty ? [("bearer", bearer)] : schemes
    }

    /// The member `security` of a door's operation: any one of the schemes, or none where nobody needs a token. What a
    /// door asks for beyond that stands in its description, since OpenAPI can say scopes of few schemes only.
    func members(of door: DoorConfiguration) -> [(String, DocumentValue)] {
        let isNeeded = door.require != nil || (auth.deniesByDefault && door.isPublic?.value != true)
        let choices = schemes.members.map { DocumentValue.object([($0.0, .array([]))]) }
        let security = DocumentValue.array(isNeeded ? choices : [.empty] + choices)
        guard let text = door.require.flatMap(Self.text) else { return [("security", security)] }
        return [("description", .string(text)), ("security", security)]
    }

    private static func text(_ require: RequireConfiguration) -> String? {
        let roles = require.roles.map(\.value).joined(separator: ", ")
        let scopes = require.scopes.map(\.value).joined(separator: ", ")
        let texts = [
            roles.isEmpty ? nil : "any of the roles \(roles)", scopes.isEmpty ? nil : "the scopes \(scopes)",
        ].compactMap(\.self)
        return texts.isEmpty ? nil : "Needs a token with \(texts.joined(separator: " and "))."
    }
}
