internal import Configuration

/// A command line that doesn't fit its command.
struct UsageError: Error, Equatable {
    /// One line without a full stop.
    let reason: String
}

/// The arguments of one subcommand, checked against its syntax. `--option VALUE` and `--option=VALUE` are the same; the
/// last of several wins; after `--` nothing is an option.
struct Arguments: Sendable {
    /// What stands behind the options: as many as the syntax has.
    private(set) var operands: [String] = []
    /// Whether `--help` was given: nothing else counts then.
    private(set) var wantsHelp = false
    private var values: [String: String] = [:]

    /// Reads the words behind the subcommand's name.
    init(_ words: [String], for syntax: CommandSyntax) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            if word == "--help" || word == "-h" {
                wantsHelp = true
                return
            }
            if word.hasPrefix("-"), word != "-" {
                try readOption(word, &rest, syntax)
            } else {
                operands.append(word)
            }
        }
        try checkOperands(syntax.operands)
        for option in syntax.options where option.isRequired && values[option.name] == nil {
            throw UsageError(reason: "\(option.name) is missing")
        }
    }

    /// The value of an option; nil where it wasn't given.
    func value(_ option: String) -> String? { values[option] }

    /// The value of an option that takes a whole number.
    func number(_ option: String) -> Int? { values[option].flatMap { Int($0) } }

    /// Whether an option was given.
    func has(_ option: String) -> Bool { values[option] != nil }

    /// The file of `--config`.
    var config: String { values["--config"] ?? "gateway.yaml" }

    /// Whether `--format json` was given.
    var wantsJSON: Bool { values["--format"] == "json" }

    /// ` (did you mean "x"?)`, where something is near.
    static func hint(for word: String, among words: [String]) -> String {
        Suggestion.nearest(to: word, among: words).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    // MARK: Reading

    private mutating func readOption(
        _ word: String, _ rest: inout ArraySlice<String>, _ syntax: CommandSyntax
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard let option = syntax.options.first(where: { $0.name == name }) else {
            let names = syntax.options.map(\.name) + ["--help"]
            throw UsageError(reason: "there is no option \"\(name)\"\(Self.hint(for: name, among: names))")
        }
        guard option.value != nil else {
            guard parts.count == 1 else { throw UsageError(reason: "\(name) takes no value") }
            values[name] = ""
            return
        }
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
            throw UsageError(reason: "\(name) needs a value")
        }
        try Self.check(value, option)
        values[name] = value
    }

    private static func check(_ value: String, _ option: CommandSyntax.Option) throws(UsageError) {
        switch option.kind {
        case .text:
            guard !value.isEmpty else { throw UsageError(reason: "\(option.name) needs a value") }
        case .number(let range):
            guard let number = Int(value), range.contains(number) else {
                let bounds = "from \(range.lowerBound) to \(range.upperBound)"
                throw UsageError(reason: "\(option.name) takes a whole number \(bounds), not \"\(value)\"")
            }
        case .name:
            let isName = value.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
            }
            guard isName, (1...60).contains(value.utf8.count) else {
                throw UsageError(reason: "\(option.name) takes a name of letters, digits, - and _, not \"\(value)\"")
            }
        case .word(let words):
            guard words.contains(value) else {
                let list = words.joined(separator: " or ")
                throw UsageError(reason: "\(option.name) takes \(list), not \"\(value)\"")
            }
        }
    }

    private func checkOperands(_ syntax: [CommandSyntax.Operand]) throws(UsageError) {
        if let missing = syntax.dropFirst(operands.count).first {
            throw UsageError(reason: "\(missing.name) is missing")
        }
        if let extra = operands.dropFirst(syntax.count).first {
            throw UsageError(reason: "\"\(extra)\" is one word too many")
        }
    }
}
