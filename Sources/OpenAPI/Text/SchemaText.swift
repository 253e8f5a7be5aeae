internal import GraphQL

/// Writes the types of an import as SDL.
struct SchemaText {
    private var output = ""

    /// The schema file: the root types, then the others in the order in which they were met.
    static func text(_ operations: [ImportedOperation], _ types: [ImportedType], comment: String) -> String {
        var text = SchemaText()
        text.output = comment
        let roots = [("Query", operations.filter(\.isQuery)), ("Mutation", operations.filter { !$0.isQuery })]
        for (name, operations) in roots where !operations.isEmpty {
            text.write(ImportedType(name: name, kind: .object(fields: operations.map(\.field))))
        }
        for type in types { text.write(type) }
        return text.output
    }

    private mutating func write(_ type: ImportedType) {
        if !output.isEmpty { output += "\n" }
        writeDescription(type.description, "")
        switch type.kind {
        case .scalar: output += "scalar \(type.name)\n"
        case .object(let fields):
            let interfaces = type.interfaces.isEmpty ? "" : " implements \(type.interfaces.joined(separator: " & "))"
            output += "type \(type.name)\(interfaces)"
            writeBlock("", fields) { $0.write($1) }
        case .interface(let fields, let kind):
            output += "interface \(type.name)\(Self.directive(kind))"
            writeBlock("", fields) { $0.write($1) }
        case .union(let members, let kind):
            output += "union \(type.name)\(Self.directive(kind)) = \(members.joined(separator: " | "))\n"
        case .enum(let values): writeBlock("enum \(type.name)", values) { $0.output += "  \($1)\n" }
        case .input(let fields):
            writeBlock("input \(type.name)", fields) { text, field in
                text.writeDescription(field.description, "  ")
                text.output += "  \(Self.input(field))\n"
            }
        }
    }

    private mutating func writeBlock<Item>(
        _ head: String, _ items: [Item], _ write: (inout SchemaText, Item) -> Void
    ) {
        output += head + " {\n"
        for item in items { write(&self, item) }
        output += "}\n"
    }

    private mutating func write(_ field: ImportedField) {
        writeDescription(field.description, "  ")
        output += "  \(field.name)"
        writeArguments(field.arguments)
        output += ": \(field.type)"
        if let member = field.member { output += " @from(path: \(SDLText.quoted(member)))" }
        if let route = field.route { output += " @rest(route: \(SDLText.quoted(route)))" }
        output += field.isDeprecated ? " @deprecated\n" : "\n"
    }

    /// On one line, or one line each where any has a description or the line would be long.
    private mutating func writeArguments(_ arguments: [ImportedInput]) {
        guard !arguments.isEmpty else { return }
        let line = "(\(arguments.map(Self.input).joined(separator: ", ")))"
        guard line.utf8.count > 100 || arguments.contains(where: { Self.cleaned($0.description) != nil }) else {
            output += line
            return
        }
        output += "(\n"
        for argument in arguments {
            writeDescription(argument.description, "    ")
            output += "    \(Self.input(argument))\n"
        }
        output += "  )"
    }

    private static func input(_ input: ImportedInput) -> String {
        let value = input.defaultValue.map { " = \($0)" } ?? ""
        return "\(input.name): \(input.type)\(value)\(input.isDeprecated ? " @deprecated" : "")"
    }

    private static func directive(_ kind: ImportedKind) -> String {
        let entries = kind.values.map { type, values in
            let texts = values.map(SDLText.quoted)
            return "\(type): \(texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")"
        }
        return " @kind(path: \(SDLText.quoted(kind.path)), map: {\(entries.joined(separator: ", "))})"
    }

    private mutating func writeDescription(_ text: String?, _ indentation: String) {
        guard let text = Self.cleaned(text) else { return }
        output += "\(indentation)\(SDLText.description(text, indentation: indentation))\n"
    }

    /// Without white space at either end; nil where nothing is left.
    private static func cleaned(_ text: String?) -> String? {
        guard let text else { return nil }
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        guard let first = lines.firstIndex(where: { !$0.isWhitespace }),
            let last = lines.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        return String(lines[first...last])
    }
}
