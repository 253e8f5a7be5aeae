internal import HTTP
internal import JSON

/// Takes the header and body templates of one route apart and collects the inputs that they name.
struct TemplateCompiler {
    private(set) var inputs: [RouteInput] = []
    private(set) var problems: [RouteTemplateProblem] = []

    /// The index of an input, the same for the same input.
    mutating func input(_ input: RouteInput) -> Int {
        if let known = inputs.firstIndex(of: input) { return known }
        inputs.append(input)
        return inputs.count - 1
    }

    /// The index of what stands at a place of the request.
    mutating func input(_ variable: URITemplate.Variable) -> Int {
        if variable.isExpression, case .input(let index) = whole(variable.name, at: .request(variable.offset)) {
            return index
        }
        return input(.variable(variable.name))
    }

    mutating func header(_ name: String, _ value: String) -> HeaderTemplate {
        switch whole(value, at: .header(name)) {
        case .input(let index): HeaderTemplate(name: name, value: [.input(index)])
        case .text(let text): HeaderTemplate(name: name, value: pieces(of: text, at: .header(name)))
        }
    }

    mutating func body(_ value: TemplateValue, at path: [String] = []) -> BodyTemplate {
        switch value {
        case .null, .boolean, .number: return .literal(value.json)
        case .string(let written): return string(written, at: path)
        case .list(let items):
            var parts: [BodyTemplate] = []
            for (index, item) in items.enumerated() { parts.append(body(item, at: path + ["\(index)"])) }
            return .list(parts)
        case .object(let members):
            var parts: [BodyMember] = []
            for member in members {
                parts.append(
                    BodyMember(
                        name: member.name, keyJSON: member.name.quotedAsJSON + ":",
                        value: body(member.value, at: path + [member.name])))
            }
            return .object(parts)
        }
    }

    /// A string of a body: an expression, one variable whose JSON it is, or text with variables in it.
    private mutating func string(_ written: String, at path: [String]) -> BodyTemplate {
        switch whole(written, at: .body(path)) {
        case .input(let index): return .input(index)
        case .text(let text):
            let parts = pieces(of: text, at: .body(path))
            if parts.count == 1, case .input(let index) = parts[0] { return .input(index) }
            let isConstant = parts.allSatisfy { if case .literal = $0 { true } else { false } }
            return isConstant ? .literal(text.quotedAsJSON) : .text(parts)
        }
    }

    private enum Whole {
        case input(Int)
        case text(String)
    }

    /// A string that begins with `$` is an expression, `$$` a literal dollar sign; `${` is text.
    private mutating func whole(_ text: String, at part: RouteTemplateProblem.Part) -> Whole {
        guard text.utf8.first == UInt8(ascii: "$"), !text.utf8.starts(with: "${".utf8) else { return .text(text) }
        if text.utf8.dropFirst().first == UInt8(ascii: "$") { return .text(String(text.unicodeScalars.dropFirst())) }
        do throws(ExpressionError) {
            let expression = try ValueExpression(text)
            if case .batch = expression {
                throw ExpressionError(message: "\"\(text)\" can only stand in \"with\" of @rest", suggestion: nil)
            }
            return .input(input(.expression(expression)))
        } catch {
            problems.append(
                RouteTemplateProblem(part: part, message: error.message + ".", suggestion: error.suggestion))
            return .text("")
        }
    }

    /// Text with `{name}` in it. A brace that names no variable stays as it is, and so does one behind `$`: `${` is how
    /// `$${` of the configuration comes here.
    private mutating func pieces(of text: String, at part: RouteTemplateProblem.Part) -> [TextPiece] {
        var pieces: [TextPiece] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            if first == UInt8(ascii: "{"), literal.last != UInt8(ascii: "$"),
                let end = rest.firstIndex(of: UInt8(ascii: "}")),
                let name = Self.name(rest[(rest.startIndex + 1)..<end])
            {
                if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                pieces.append(.input(input(.variable(name))))
                rest = rest[(end + 1)...]
            } else {
                literal.append(first)
                rest = rest.dropFirst()
            }
        }
        if !literal.isEmpty || pieces.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return pieces
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        let isName = bytes.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return isName ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
