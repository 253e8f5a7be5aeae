extension Parser {
    /// A value (GraphQL §2.10); a constant one has no variables anywhere.
    mutating func value(isConstant: Bool) throws(GraphQLSyntaxError) -> Value {
        let start = token
        let kind: Value.Kind
        switch start.kind {
        case .leftBracket:
            return try nested { parser throws(GraphQLSyntaxError) in try parser.listValue(isConstant: isConstant) }
        case .leftBrace:
            return try nested { parser throws(GraphQLSyntaxError) in try parser.objectValue(isConstant: isConstant) }
        case .int: kind = .int(text(of: start))
        case .float: kind = .float(text(of: start))
        case .string: kind = .string(start.string, isBlock: false)
        case .blockString: kind = .string(start.string, isBlock: true)
        case .name:
            switch text(of: start) {
            case "true": kind = .boolean(true)
            case "false": kind = .boolean(false)
            case "null": kind = .null
            case let name: kind = .enum(name)
            }
        case .dollar:
            return try variableValue(isConstant: isConstant)
        default:
            throw unexpected()
        }
        try advance()
        return Value(kind: kind, offset: start.offset)
    }

    private mutating func variableValue(isConstant: Bool) throws(GraphQLSyntaxError) -> Value {
        let start = token
        try advance()
        guard !isConstant else {
            let name = token.kind == .name ? text(of: token) : ""
            throw GraphQLSyntaxError.syntax("Unexpected variable \"$\(name)\" in constant value.", at: start.start)
        }
        return Value(kind: .variable(try name().value), offset: start.offset)
    }

    private mutating func listValue(isConstant: Bool) throws(GraphQLSyntaxError) -> Value {
        let offset = token.offset
        try advance()
        var items: [Value] = []
        while try !skip(.rightBracket) { items.append(try value(isConstant: isConstant)) }
        return Value(kind: .list(items), offset: offset)
    }

    private mutating func objectValue(isConstant: Bool) throws(GraphQLSyntaxError) -> Value {
        let offset = token.offset
        try advance()
        var fields: [ObjectField] = []
        while try !skip(.rightBrace) {
            let name = try name()
            try expect(.colon)
            fields.append(ObjectField(name: name, value: try value(isConstant: isConstant)))
        }
        return Value(kind: .object(fields), offset: offset)
    }

    /// A type reference (§2.12).
    mutating func type() throws(GraphQLSyntaxError) -> TypeSyntax {
        let offset = token.offset
        var reference: TypeReference
        let nameOffset: UInt32
        if token.kind == .leftBracket {
            let item = try nested { parser throws(GraphQLSyntaxError) in
                try parser.advance()
                return try parser.type()
            }
            try expect(.rightBracket)
            reference = .list(item.reference)
            nameOffset = item.nameOffset
        } else {
            let name = try name()
            reference = .named(name.value)
            nameOffset = name.offset
        }
        if try skip(.bang) { reference = .nonNull(reference) }
        return TypeSyntax(reference: reference, offset: offset, nameOffset: nameOffset)
    }

    /// Directives (§2.13).
    mutating func directives(isConstant: Bool) throws(GraphQLSyntaxError) -> [Directive] {
        var directives: [Directive] = []
        while token.kind == .at {
            let offset = token.offset
            try advance()
            let name = try name()
            directives.append(
                Directive(name: name, arguments: try arguments(isConstant: isConstant), offset: offset))
        }
        return directives
    }

    /// Arguments in parentheses, or none (§2.7).
    mutating func arguments(isConstant: Bool) throws(GraphQLSyntaxError) -> [Argument] {
        try optionalList(.leftParenthesis, .rightParenthesis) { parser throws(GraphQLSyntaxError) in
            let name = try parser.name()
            try parser.expect(.colon)
            return Argument(name: name, value: try parser.value(isConstant: isConstant))
        }
    }

    mutating func description() throws(GraphQLSyntaxError) -> Description? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let description = Description(
            value: token.string, isBlock: token.kind == .blockString, offset: token.offset)
        try advance()
        return description
    }
}
