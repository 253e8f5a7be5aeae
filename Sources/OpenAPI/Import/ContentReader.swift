internal import Configuration

/// Which content an operation answers and takes.
struct ContentReader {
    let document: OpenAPIDocument

    init(_ document: OpenAPIDocument) { self.document = document }

    /// What a successful call answers.
    enum Answer {
        /// JSON, of this schema where one is given.
        case json(YAMLNode?)
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
            if let media = Self.json(in: content) { return .json(media["schema"]) }
            others += (content.pairs ?? []).compactMap(\.key.characters)
        }
        return others.isEmpty ? .empty : .other(others.joined(separator: ", "))
    }

    /// `200`, `2XX`.
    private static func isSuccess(_ status: String) -> Bool { status.utf8.count == 3 && status.hasPrefix("2") }

    /// The media type of a `content` object that is JSON: application/json first, then `+json`, then `*/*`.
    static func json(in content: YAMLNode?) -> YAMLNode? {
        let pairs = content?.pairs ?? []
        let types = pairs.map { pair in
            let type = (pair.key.characters ?? "").lowercased().prefix { $0 != ";" }
            return (String(type.filter { $0 != " " }), pair.value)
        }
        let isJSON: [(String) -> Bool] = [
            { $0 == "application/json" }, { $0.hasSuffix("+json") || $0 == "text/json" },
            { $0 == "*/*" || $0 == "application/*" },
        ]
        for test in isJSON { if let found = types.first(where: { test($0.0) }) { return found.1 } }
        return nil
    }
}
