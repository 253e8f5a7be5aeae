/// What a subcommand takes: the table that its arguments are read by and its help is written from.
struct CommandSyntax: Sendable {
    /// The verb.
    let name: String
    /// One line for the overview.
    let summary: String
    /// The options, without `--help`, which all take.
    var options: [Option] = []
    /// What stands behind the options; all of them have to be given.
    var operands: [Operand] = []

    /// An option.
    struct Option: Sendable {
        /// With its two dashes.
        let name: String
        /// What its value is called; nil for one without a value.
        let value: String?
        /// What values it takes.
        var kind = Kind.text
        /// Whether it has to be given.
        var isRequired = false
        /// One line for the help.
        let help: String
    }

    /// What values an option takes.
    enum Kind: Sendable {
        /// Any but the empty one.
        case text
        /// A whole number in this range.
        case number(ClosedRange<Int>)
        /// One of these.
        case word([String])
        /// A name of letters, digits, `-` and `_`.
        case name
    }

    /// An argument that is no option.
    struct Operand: Sendable {
        /// What it is called.
        let name: String
        /// One line for the help.
        let help: String
    }

    /// One line.
    var usage: String {
        let words = options.map { option in
            if case .word(let words) = option.kind { return "[\(option.name) \(words.joined(separator: "|"))]" }
            let text = "\(option.name)\(option.value.map { " \($0)" } ?? "")"
            return option.isRequired ? text : "[\(text)]"
        }
        return (["usage: sluice \(name)"] + words + operands.map(\.name)).joined(separator: " ")
    }

    /// All of it.
    var help: String {
        var rows = options.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.help) }
        rows.insert(contentsOf: operands.map { ($0.name, $0.help) }, at: 0)
        rows.append(("--help", "prints this"))
        let width = rows.map(\.0.count).max() ?? 0
        let lines = rows.map { "  \($0)\(String(repeating: " ", count: width - $0.count + 2))\($1)" }
        return "\(usage)\n\n\(summary)\n\n\(lines.joined(separator: "\n"))"
    }
}

extension CommandSyntax.Option {
    /// `--config FILE`.
    static let config = CommandSyntax.Option(
        name: "--config", value: "FILE", help: "the configuration; gateway.yaml unless given")

    /// `--profile NAME`.
    static let profile = CommandSyntax.Option(
        name: "--profile", value: "NAME", help: "a device profile of the configuration")

    /// `--format text|json`.
    static let format = CommandSyntax.Option(
        name: "--format", value: "FORM", kind: .word(["text", "json"]), help: "text (unless given) or json")
}
