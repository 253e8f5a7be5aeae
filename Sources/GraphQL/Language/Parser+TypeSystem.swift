extension Parser {
    /// A definition of the type system (GraphQL §3); the keyword is the current token, a name.
    mutating func typeSystemDefinition(
        description: Description?, offset: UInt32
    ) throws(GraphQLSyntaxError) -> TypeSystemDefinition {
        if try skipKeyword("schema") {
            let directives = try directives(isConstant: true)
            return .schema(
                SchemaDefinition(
                    isExtension: false, description: description, directives: directives,
                    operationTypes: try list(.leftBrace, .rightBrace, Self.operationTypeDefinition), offset: offset))
        }
        if try skipKeyword("directive") {
            return .directive(try directiveDefinition(description: description, offset: offset))
        }
        let kind = try typeKind()
        return .type(try typeDefinition(kind, isExtension: false, description: description, offset: offset))
    }

    /// What stands behind `extend`; each extension must add something (§3.3.2 and its like for types).
    mutating func typeSystemExtension(offset: UInt32) throws(GraphQLSyntaxError) -> TypeSystemDefinition {
        if try skipKeyword("schema") {
            let directives = try directives(isConstant: true)
            let operationTypes = try optionalList(.leftBrace, .rightBrace, Self.operationTypeDefinition)
            if directives.isEmpty, operationTypes.isEmpty { throw unexpected() }
            return .schema(
                SchemaDefinition(
                    isExtension: true, description: nil, directives: directives, operationTypes: operationTypes,
                    offset: offset))
        }
        let kind = try typeKind()
        let definition = try typeDefinition(kind, isExtension: true, description: nil, offset: offset)
        if definition.directives.isEmpty, definition.interfaces.isEmpty, definition.fields.isEmpty,
            definition.memberTypes.isEmpty, definition.values.isEmpty, definition.inputFields.isEmpty
        {
            throw unexpected()
        }
        return .type(definition)
    }

    private mutating func typeKind() throws(GraphQLSyntaxError) -> TypeKind {
        let keyword = token.kind == .name ? text(of: token) : ""
        let kind: TypeKind
        switch keyword {
        case "scalar": kind = .scalar
        case "type": kind = .object
        case "interface": kind = .interface
        case "union": kind = .union
        case "enum": kind = .enum
        case "input": kind = .inputObject
        default: throw unexpected()
        }
        try advance()
        return kind
    }

    private mutating func typeDefinition(
        _ kind: TypeKind, isExtension: Bool, description: Description?, offset: UInt32
    ) throws(GraphQLSyntaxError) -> TypeDefinition {
        let name = try name()
        let interfaces = kind == .object || kind == .interface ? try implementedInterfaces() : []
        var definition = TypeDefinition(
            kind: kind, isExtension: isExtension, description: description, name: name,
            directives: try directives(isConstant: true), interfaces: interfaces, offset: offset)
        switch kind {
        case .scalar:
            break
        case .object, .interface:
            definition.fields = try optionalList(.leftBrace, .rightBrace, Self.fieldDefinition)
        case .union:
            if try skip(.equals) { definition.memberTypes = try separatedNames(by: .pipe) }
        case .enum:
            definition.values = try optionalList(.leftBrace, .rightBrace, Self.enumValueDefinition)
        case .inputObject:
            definition.inputFields = try optionalList(.leftBrace, .rightBrace, Self.inputValueDefinition)
        }
        return definition
    }

    private mutating func implementedInterfaces() throws(GraphQLSyntaxError) -> [Name] {
        try skipKeyword("implements") ? try separatedNames(by: .ampersand) : []
    }

    /// `A | B`, also with a leading separator.
    private mutating func separatedNames(by separator: Token.Kind) throws(GraphQLSyntaxError) -> [Name] {
        _ = try skip(separator)
        var names: [Name] = []
        repeat { names.append(try name()) } while try skip(separator)
        return names
    }

    private static func operationTypeDefinition(
        _ parser: inout Parser
    ) throws(GraphQLSyntaxError) -> OperationTypeDefinition {
        let start = parser.token
        let word = try parser.name()
        guard let kind = OperationKind(rawValue: word.value) else {
            throw GraphQLSyntaxError.syntax("Unexpected \(parser.describe(start)).", at: start.start)
        }
        try parser.expect(.colon)
        return OperationTypeDefinition(kind: kind, type: try parser.name(), offset: word.offset)
    }

    private static func fieldDefinition(_ parser: inout Parser) throws(GraphQLSyntaxError) -> FieldDefinition {
        let description = try parser.description()
        let name = try parser.name()
        let arguments = try parser.optionalList(.leftParenthesis, .rightParenthesis, inputValueDefinition)
        try parser.expect(.colon)
        let type = try parser.type()
        return FieldDefinition(
            description: description, name: name, arguments: arguments, type: type,
            directives: try parser.directives(isConstant: true))
    }

    private static func inputValueDefinition(
        _ parser: inout Parser
    ) throws(GraphQLSyntaxError) -> InputValueDefinition {
        let description = try parser.description()
        let name = try parser.name()
        try parser.expect(.colon)
        let type = try parser.type()
        let defaultValue = try parser.skip(.equals) ? try parser.value(isConstant: true) : nil
        return InputValueDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue,
            directives: try parser.directives(isConstant: true))
    }

    private static func enumValueDefinition(
        _ parser: inout Parser
    ) throws(GraphQLSyntaxError) -> EnumValueDefinition {
        let description = try parser.description()
        let start = parser.token
        let name = try parser.name()
        if ["true", "false", "null"].contains(name.value) {
            throw GraphQLSyntaxError.syntax(
                "Name \"\(name.value)\" is reserved and cannot be used for an enum value.", at: start.start)
        }
        return EnumValueDefinition(
            description: description, name: name, directives: try parser.directives(isConstant: true))
    }

    private mutating func directiveDefinition(
        description: Description?, offset: UInt32
    ) throws(GraphQLSyntaxError) -> DirectiveDefinition {
        try expect(.at)
        let name = try name()
        let arguments = try optionalList(.leftParenthesis, .rightParenthesis, Self.inputValueDefinition)
        let isRepeatable = try skipKeyword("repeatable")
        try expectKeyword("on")
        _ = try skip(.pipe)
        var locations: [DirectiveLocation] = []
        repeat {
            guard token.kind == .name, let location = DirectiveLocation(rawValue: text(of: token)) else {
                throw unexpected()
            }
            locations.append(location)
            try advance()
        } while try skip(.pipe)
        return DirectiveDefinition(
            description: description, name: name, arguments: arguments, isRepeatable: isRepeatable,
            locations: locations, offset: offset)
    }
}
