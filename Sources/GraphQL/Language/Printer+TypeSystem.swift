extension Printer {
    mutating func write(_ definition: TypeSystemDefinition) {
        switch definition {
        case .schema(let definition): write(definition)
        case .type(let definition): write(definition)
        case .directive(let definition): write(definition)
        }
    }

    mutating func write(_ schema: SchemaDefinition) {
        writeDescription(schema.description)
        output += schema.isExtension ? "extend schema" : "schema"
        writeDirectives(schema.directives)
        guard !schema.operationTypes.isEmpty else { return }
        output += " "
        writeBlock(schema.operationTypes) { $0.output += "\($1.kind.rawValue): \($1.type.value)" }
    }

    mutating func write(_ type: TypeDefinition) {
        writeDescription(type.description)
        if type.isExtension { output += "extend " }
        output += "\(type.kind.keyword) \(type.name.value)"
        if !type.interfaces.isEmpty {
            output += " implements "
            writeList(type.interfaces, separator: " & ") { $0.output += $1.value }
        }
        writeDirectives(type.directives)
        if !type.memberTypes.isEmpty {
            output += " = "
            writeList(type.memberTypes, separator: " | ") { $0.output += $1.value }
        }
        if !type.fields.isEmpty {
            output += " "
            writeBlock(type.fields) { $0.write($1) }
        }
        if !type.values.isEmpty {
            output += " "
            writeBlock(type.values) { printer, value in
                printer.writeDescription(value.description)
                printer.output += value.name.value
                printer.writeDirectives(value.directives)
            }
        }
        if !type.inputFields.isEmpty {
            output += " "
            writeBlock(type.inputFields) { printer, field in
                printer.writeDescription(field.description)
                printer.write(field)
            }
        }
    }

    private mutating func write(_ field: FieldDefinition) {
        writeDescription(field.description)
        output += field.name.value
        writeArgumentDefinitions(field.arguments)
        output += ": \(field.type.reference)"
        writeDirectives(field.directives)
    }

    /// An argument or input field without its description.
    private mutating func write(_ input: InputValueDefinition) {
        output += "\(input.name.value): \(input.type.reference)"
        if let defaultValue = input.defaultValue {
            output += " = "
            write(defaultValue)
        }
        writeDirectives(input.directives)
    }

    /// On one line, or one line each where any has a description.
    private mutating func writeArgumentDefinitions(_ arguments: [InputValueDefinition]) {
        guard !arguments.isEmpty else { return }
        output += "("
        if arguments.contains(where: { $0.description != nil }) {
            level += 1
            for argument in arguments {
                newLine()
                writeDescription(argument.description)
                write(argument)
            }
            level -= 1
            newLine()
        } else {
            writeList(arguments, separator: ", ") { $0.write($1) }
        }
        output += ")"
    }

    mutating func write(_ directive: DirectiveDefinition) {
        writeDescription(directive.description)
        output += "directive @\(directive.name.value)"
        writeArgumentDefinitions(directive.arguments)
        if directive.isRepeatable { output += " repeatable" }
        output += " on "
        writeList(directive.locations, separator: " | ") { $0.output += $1.rawValue }
    }
}

extension TypeKind {
    /// The word that a definition of this kind begins with.
    var keyword: String {
        switch self {
        case .scalar: "scalar"
        case .object: "type"
        case .interface: "interface"
        case .union: "union"
        case .enum: "enum"
        case .inputObject: "input"
        }
    }
}
