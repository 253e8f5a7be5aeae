internal import Configuration

/// Where a document says that its service is.
enum ServerURL {
    /// The URL of the first server, its variables filled in with their defaults; nil where there is none that is absolute
    /// and http or https.
    static func first(of document: OpenAPIDocument) -> String? {
        guard let server = document.root["servers"]?.items?.first, var url = url(of: server) else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        let isAbsolute = url.hasPrefix("http://") || url.hasPrefix("https://")
        let isPlain = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"{}?#@\"$\\".utf8.contains($0) }
        return isAbsolute && isPlain && UpstreamConfiguration.isURL(url) ? url : nil
    }

    /// The path that a relative URL of the first server names, such as `/v1`.
    static func firstPath(of document: OpenAPIDocument) -> String {
        guard let server = document.root["servers"]?.items?.first, var url = url(of: server), url.hasPrefix("/") else {
            return ""
        }
        while url.hasSuffix("/") { url.removeLast() }
        let isPlain = url.utf8.allSatisfy { PercentEncoding.isWord($0) || "/.".utf8.contains($0) }
        return isPlain && UpstreamConfiguration.isURL("http://localhost" + url) ? url : ""
    }

    /// A server that an operation, or its path, names for itself, where the document doesn't.
    static func other(than root: YAMLNode, item: YAMLNode, operation: YAMLNode) -> String? {
        let known = Set((root["servers"]?.items ?? []).compactMap(url))
        let own = operation["servers"]?.items ?? item["servers"]?.items ?? []
        return own.compactMap(url).first { !known.contains($0) }
    }

    private static func url(of server: YAMLNode) -> String? {
        guard var url = server["url"]?.characters, url.utf8.count <= 2_000 else { return nil }
        for variable in server["variables"]?.pairs?.prefix(20) ?? [] {
            guard let name = variable.key.characters, !name.isEmpty, let value = variable.value["default"]?.characters
            else { continue }
            url = url.replacing("{\(name)}", with: value)
        }
        return url
    }
}
