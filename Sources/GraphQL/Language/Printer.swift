/// Writes syntax trees back as text: two spaces of indentation, one selection a line, `\n` at line ends. Parsing the
/// text gives the same tree, and printing that the same text.
public struct Printer {
    var output = ""
    var level = 0

    /// The document's text.
    public static func print(_ document: Document) -> String {
        // Behind a type without a body, the braces of a shorthand query would be read as that body.
        var allowsShorthand = true
        return joined(document.definitions) { printer, definition in
            printer.write(definition, allowsShorthand: allowsShorthand)
            if case .typeSystem = definition { allowsShorthand = false } else { allowsShorthand = true }
        }
    }

    /// The document's text.
    public static func print(_ document: SchemaDocument) -> String {
        joined(document.definitions) { printer, definition in printer.write(definition) }
    }

    /// The operation's text.
    public static func print(_ operation: OperationDefinition) -> String {
        var printer = Printer()
        printer.write(operation)
        return printer.output
    }

    /// The value's text, on one line but for block strings.
    public static func print(_ value: Value) -> String {
        var printer = Printer()
        printer.write(value)
        return printer.output
    }

    private static func joined<Item>(_ items: [Item], _ write: (inout Printer, Item) -> Void) -> String {
        var printer = Printer()
        for (index, item) in items.enumerated() {
            if index > 0 { printer.output += "\n" }
            write(&printer, item)
            printer.output += "\n"
        }
        return printer.output
    }

    var indentation: String { String(repeating: "  ", count: level) }

    mutating func newLine() {
        output += "\n"
        output += indentation
    }

    /// `{`, one item a line, `}`.
    mutating func writeBlock<Items: Collection>(_ items: Items, _ write: (inout Printer, Items.Element) -> Void) {
        output += "{"
        level += 1
        for item in items {
            newLine()
            write(&self, item)
        }
        level -= 1
        newLine()
        output += "}"
    }

    /// The items with `separator` between them.
    mutating func writeList<Items: Collection>(
        _ items: Items, separator: String, _ write: (inout Printer, Items.Element) -> Void
    ) {
        var isFirst = true
        for item in items {
            if !isFirst { output += separator }
            isFirst = false
            write(&self, item)
        }
    }

    // MARK: Values

    mutating func write(_ value: Value) {
        switch value.kind {
        case .variable(let name): output += "$\(name)"
        case .int(let text), .float(let text): output += text
        case .string(let text, let isBlock): writeString(text, isBlock: isBlock)
        case .boolean(let value): output += value ? "true" : "false"
        case .null: output += "null"
        case .enum(let name): output += name
        case .list(let items):
            output += "["
            writeList(items, separator: ", ") { $0.write($1) }
            output += "]"
        case .object(let fields):
            output += "{"
            writeList(fields, separator: ", ") { printer, field in
                printer.output += "\(field.name.value): "
                printer.write(field.value)
            }
            output += "}"
        }
    }

    /// A string literal; a block string only where that form can hold the text.
    mutating func writeString(_ text: String, isBlock: Bool) {
        if isBlock, BlockString.canHold(text) {
            output += BlockString.written(text, indentation: indentation)
        } else if isBlock, text.isEmpty {
            output += "\"\"\"\"\"\""
        } else {
            output += Self.quoted(text)
        }
    }

    /// `text` as a string on one line, with escapes where they are needed.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\0"..<" ", "\u{7F}"..<"\u{A0}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The directives, each behind a space.
    mutating func writeDirectives(_ directives: [Directive]) {
        for directive in directives {
            output += " @\(directive.name.value)"
            writeArguments(directive.arguments)
        }
    }

    mutating func writeArguments(_ arguments: [Argument]) {
        guard !arguments.isEmpty else { return }
        output += "("
        writeList(arguments, separator: ", ") { printer, argument in
            printer.output += "\(argument.name.value): "
            printer.write(argument.value)
        }
        output += ")"
    }

    /// The description on lines of its own.
    mutating func writeDescription(_ description: Description?) {
        guard let description else { return }
        writeString(description.value, isBlock: description.isBlock)
        newLine()
    }
}
