internal import Configuration

/// Which content an operation answers and takes.
struct ContentReader {
    let document: OpenAPIDocument

    init(_ document: OpenAPIDocument) { self.document = document }

    /// One of the media types of a `content` object.
    struct Media {
        /// The type, in lower case, without parameters.
        var type: String
        var schema: YAMLNode?

        /// The type where it has to be said: another than what everybody takes for JSON.
        var ownType: String? { type == "application/json" || type.contains("*") ? nil : type }
    }

    /// What a successful call answers.
    enum Answer {
        /// JSON.
        case json(Media)
        case empty
        /// Something else: its media types.
        case other(String)
    }

    /// What an operation answers when it succeeds: the first 2xx that is JSON; `default` only where no 2xx is given.
    func answer(of operation: YAMLNode) -> Answer {
        let responses = operation["responses"]?.pairs ?? []
        let successes = responses.filter { Self.isSuccess($0.key.characters ?? "") }
            .sorted { ($0.key.characters ?? "") < ($1.key.characters ?? "") }
        let fallback = responses.filter { $0.key.characters == "default" }
        var others: [String] = []
        for pair in successes.isEmpty ? fallback : successes {
            guard let content = document.resolve(pair.value)?["content"] else { continue }
            if let media = Self.json(in: content) { return .json(media) }
            others += (content.pairs ?? []).compactMap(\.key.characters)
        }
        return others.isEmpty ? .empty : .other(others.joined(separator: ", "))
    }

    /// `200`, `2XX`.
    private static func isSuccess(_ status: String) -> Bool { status.utf8.count == 3 && status.hasPrefix("2") }

    /// The media type of a `content` object that is JSON: application/json first, then `+json`, then `*/*`.
    static func json(in content: YAMLNode?) -> Media? {
        let media = (content?.pairs ?? []).map { pair in
            let type = (pair.key.characters ?? "").lowercased().prefix { $0 != ";" }
            return Media(type: type.filter { $0 != " " }, schema: pair.value["schema"])
        }
        let isJSON: [(String) -> Bool] = [
            { $0 == "application/json" }, { isStructured($0) }, { $0 == "*/*" || $0 == "application/*" },
        ]
        for test in isJSON { if let found = media.first(where: { test($0.type) }) { return found } }
        return nil
    }

    /// `application/problem+json` (RFC 6839), or `text/json`.
    private static func isStructured(_ type: String) -> Bool {
        (type.hasSuffix("+json") || type == "text/json")
            && type.utf8.allSatisfy { PercentEncoding.isToken($0) || $0 == UInt8(ascii: "/") }
    }
}
