internal import Configuration

/// Which header fields carry the credentials that a document's service asks for.
struct SecurityReader {
    let document: OpenAPIDocument

    init(_ document: OpenAPIDocument) { self.document = document }

    /// The fields, in lower case, in the document's order. Credentials elsewhere are reported: a gateway doesn't hand
    /// them on by itself.
    func forwardedFields() -> [String] {
        var fields: [String] = []
        for pair in document.root["components"]?["securitySchemes"]?.pairs ?? [] {
            guard let scheme = document.resolve(pair.value), let field = field(of: scheme, at: pair.key) else {
                continue
            }
            if !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    private func field(of scheme: YAMLNode, at place: YAMLNode) -> String? {
        switch scheme["type"]?.text {
        case "http", "oauth2", "openIdConnect": return "authorization"
        case "apiKey":
            let name = scheme["name"]?.characters ?? ""
            if scheme["in"]?.text == "header", !name.isEmpty, name.utf8.allSatisfy(PercentEncoding.isWord) {
                return name.lowercased()
            }
            document.warn(
                "this key is not handed on: it isn't sent in a header; put it into the routes' requests by hand",
                at: place)
            return nil
        default: return nil
        }
    }
}
