/// libyaml's complaints in plain words.
enum YAMLWording {
    private static let words: [(libyaml: String, plain: String)] = [
        (
            "found character that cannot start any token",
            "this character can't begin a value (a tab? indent with spaces; quote a text that begins with @ or `)"
        ),
        (
            "found a tab character that violates indentation", "a tab can't indent; use spaces"
        ),
        ("found a tab character where an indentation space is expected", "a tab can't indent; use spaces"),
        (
            "mapping values are not allowed in this context",
            "a \":\" can't stand here (is a line above indented differently, or does a text with \": \" need quotes?)"
        ),
        (
            "block sequence entries are not allowed in this context",
            "a list item can't stand here; begin the list on a line of its own"
        ),
        (
            "did not find expected key",
            "expected a key here (is the line indented like the one above it?)"
        ),
        ("did not find expected ',' or ']'", "expected \",\" or \"]\" in this list"),
        ("did not find expected ',' or '}'", "expected \",\" or \"}\" in this object"),
        ("did not find expected '-' indicator", "expected \"-\" here: the lines of a list are indented alike"),
        ("could not find expected ':'", "expected \":\" after this key"),
        ("did not find expected node content", "expected a value here"),
        ("found unexpected end of stream", "this quoted text is not closed"),
        ("found unexpected document indicator", "this quoted text is not closed"),
        ("found unknown escape character", "\"\\\" begins no known escape here; in '…' it stands for itself"),
        ("did not find expected hexdecimal number", "expected hexadecimal digits after \"\\x\" or \"\\u\""),
        ("found undefined tag handle", "this tag (!…) is not known; remove it"),
        ("did not find expected <document start>", "expected the end of the file here; one file holds one document"),
        (
            "did not find expected alphabetic or numeric character",
            "expected a name after \"&\" or \"*\"; quote a text that begins with one of them"
        ),
    ]

    /// What libyaml's `problem` means; its own words where we have none.
    static func plain(_ problem: String) -> String {
        if let found = words.first(where: { $0.libyaml == problem }) { return found.plain }
        if problem.contains("UTF-8") || problem.contains("Unicode") || problem.contains("unicode") {
            return "this is not valid UTF-8"
        }
        if problem.contains("control characters") { return "this control character is not allowed" }
        return problem.isEmpty ? "this is not YAML" : "this is not YAML: \(problem)"
    }

    /// Where a problem is shown.
    enum Place {
        /// Where libyaml met it.
        case problem
        /// Where the construct begins that isn't closed.
        case opening
        /// Where libyaml met it, and the message names the other.
        case both
    }

    static func place(of problem: String) -> Place {
        switch problem {
        case "found unexpected end of stream", "found unexpected document indicator": .opening
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'": .both
        default: .problem
        }
    }
}
