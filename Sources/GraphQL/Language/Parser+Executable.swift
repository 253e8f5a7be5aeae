extension Parser {
    /// One definition of any kind (GraphQL §2.3), behind its description.
    mutating func definition() throws(GraphQLSyntaxError) -> Definition {
        let offset = token.offset
        if token.kind == .leftBrace {
            return .operation(
                OperationDefinition(
                    description: nil, kind: .query, name: nil, variables: [], directives: [],
                    selectionSet: try selectionSet(), offset: offset))
        }
        let description = try description()
        guard token.kind == .name else {
            if description != nil, token.kind == .leftBrace {
                throw GraphQLSyntaxError.syntax(
                    "Unexpected description, descriptions are not supported for shorthand queries.", at: Int(offset))
            }
            throw unexpected()
        }
        let keyword = text(of: token)
        if let kind = OperationKind(rawValue: keyword) {
            return .operation(try operation(kind, description: description, offset: offset))
        }
        if keyword == "fragment" { return .fragment(try fragment(description: description, offset: offset)) }
        if keyword == "extend" {
            if description != nil {
                throw GraphQLSyntaxError.syntax(
                    "Unexpected description, descriptions are not supported on extensions.", at: Int(offset))
            }
            try advance()
            return .typeSystem(try typeSystemExtension(offset: offset))
        }
        return .typeSystem(try typeSystemDefinition(description: description, offset: offset))
    }

    private mutating func operation(
        _ kind: OperationKind, description: Description?, offset: UInt32
    ) throws(GraphQLSyntaxError) -> OperationDefinition {
        try advance()
        let name = token.kind == .name ? try name() : nil
        let variables = try optionalList(.leftParenthesis, .rightParenthesis) { parser throws(GraphQLSyntaxError) in
            try parser.variableDefinition()
        }
        return OperationDefinition(
            description: description, kind: kind, name: name, variables: variables,
            directives: try directives(isConstant: false), selectionSet: try selectionSet(), offset: offset)
    }

    private mutating func variableDefinition() throws(GraphQLSyntaxError) -> VariableDefinition {
        let offset = token.offset
        let description = try description()
        try expect(.dollar)
        let name = try name()
        try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return VariableDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue,
            directives: try directives(isConstant: true), offset: offset)
    }

    private mutating func fragment(
        description: Description?, offset: UInt32
    ) throws(GraphQLSyntaxError) -> FragmentDefinition {
        try advance()
        if isKeyword("on") { throw unexpected() }
        let name = try name()
        try expectKeyword("on")
        return FragmentDefinition(
            description: description, name: name, typeCondition: try self.name(),
            directives: try directives(isConstant: false), selectionSet: try selectionSet(), offset: offset)
    }

    private mutating func selectionSet() throws(GraphQLSyntaxError) -> SelectionSet {
        let offset = token.offset
        let selections = try nested { parser throws(GraphQLSyntaxError) in
            try parser.list(.leftBrace, .rightBrace) { parser throws(GraphQLSyntaxError) in try parser.selection() }
        }
        return SelectionSet(selections: selections, offset: offset)
    }

    private mutating func selection() throws(GraphQLSyntaxError) -> Selection {
        token.kind == .ellipsis ? try fragmentSelection() : .field(try field())
    }

    private mutating func field() throws(GraphQLSyntaxError) -> Field {
        let first = try name()
        let second = try skip(.colon) ? try name() : nil
        return Field(
            alias: second == nil ? nil : first, name: second ?? first, arguments: try arguments(isConstant: false),
            directives: try directives(isConstant: false),
            selectionSet: token.kind == .leftBrace ? try selectionSet() : nil, offset: first.offset)
    }

    /// A fragment spread or an inline fragment (§2.9).
    private mutating func fragmentSelection() throws(GraphQLSyntaxError) -> Selection {
        let offset = token.offset
        try advance()
        let hasCondition = try skipKeyword("on")
        if !hasCondition, token.kind == .name {
            let name = try name()
            return .fragmentSpread(
                FragmentSpread(name: name, directives: try directives(isConstant: false), offset: offset))
        }
        let condition = hasCondition ? try name() : nil
        return .inlineFragment(
            InlineFragment(
                typeCondition: condition, directives: try directives(isConstant: false),
                selectionSet: try selectionSet(), offset: offset))
    }
}
