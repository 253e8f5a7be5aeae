extension String {
    /// The text, or its beginning and `…` if it has more than 60 bytes: for names that a client chose.
    var bounded: String { bounded(to: 60) }

    /// The text, or its beginning and `…` if it has more than `limit` bytes.
    func bounded(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end]) + "…"
    }
}

/// The end of an error message that offers the names probably meant.
enum DidYouMean {
    /// ` Did you mean "a", "b", or "c"?` with a leading space, or nothing where no name is near.
    static func text(for name: String, among names: some Sequence<String>, kind: String? = nil) -> String {
        text(suggestions(for: name, among: names), kind: kind)
    }

    /// The same for names that are known to be near; at most five are offered.
    static func text(_ names: [String], kind: String? = nil) -> String {
        let quoted = names.prefix(5).map { "\"\($0)\"" }
        let choice: String
        switch quoted.count {
        case 0: return ""
        case 1: choice = quoted[0]
        case 2: choice = "\(quoted[0]) or \(quoted[1])"
        default: choice = quoted.dropLast().joined(separator: ", ") + ", or " + (quoted.last ?? "")
        }
        return " Did you mean \(kind.map { "\($0) " } ?? "")\(choice)?"
    }
}
