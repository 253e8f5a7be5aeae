extension Printer {
    mutating func write(_ definition: Definition, allowsShorthand: Bool) {
        switch definition {
        case .operation(let operation): write(operation, allowsShorthand: allowsShorthand)
        case .fragment(let fragment): write(fragment)
        case .typeSystem(let definition): write(definition)
        }
    }

    mutating func write(_ operation: OperationDefinition, allowsShorthand: Bool = true) {
        let isShorthand =
            allowsShorthand && operation.kind == .query && operation.name == nil && operation.description == nil
            && operation.variables.isEmpty && operation.directives.isEmpty
        if !isShorthand {
            writeDescription(operation.description)
            output += operation.kind.rawValue
            if let name = operation.name { output += " \(name.value)" }
            writeVariables(operation.variables)
            writeDirectives(operation.directives)
            output += " "
        }
        write(operation.selectionSet)
    }

    private mutating func writeVariables(_ variables: [VariableDefinition]) {
        guard !variables.isEmpty else { return }
        output += "("
        writeList(variables, separator: ", ") { $0.write($1) }
        output += ")"
    }

    private mutating func write(_ variable: VariableDefinition) {
        if let description = variable.description {
            writeString(description.value, isBlock: description.isBlock)
            output += " "
        }
        output += "$\(variable.name.value): \(variable.type.reference)"
        if let defaultValue = variable.defaultValue {
            output += " = "
            write(defaultValue)
        }
        writeDirectives(variable.directives)
    }

    private mutating func write(_ fragment: FragmentDefinition) {
        writeDescription(fragment.description)
        output += "fragment \(fragment.name.value) on \(fragment.typeCondition.value)"
        writeDirectives(fragment.directives)
        output += " "
        write(fragment.selectionSet)
    }

    private mutating func write(_ selectionSet: SelectionSet) {
        writeBlock(selectionSet.selections) { $0.write($1) }
    }

    private mutating func write(_ selection: Selection) {
        switch selection {
        case .field(let field):
            if let alias = field.alias { output += "\(alias.value): " }
            output += field.name.value
            writeArguments(field.arguments)
            writeDirectives(field.directives)
            if let selectionSet = field.selectionSet {
                output += " "
                write(selectionSet)
            }
        case .fragmentSpread(let spread):
            output += "...\(spread.name.value)"
            writeDirectives(spread.directives)
        case .inlineFragment(let fragment):
            output += "..."
            if let condition = fragment.typeCondition { output += " on \(condition.value)" }
            writeDirectives(fragment.directives)
            output += " "
            write(fragment.selectionSet)
        }
    }
}
