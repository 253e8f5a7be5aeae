/// Goes through a document once, knows the type of everything that it meets, and shows it to the visitor.
final class DocumentWalk {
    private let context: ValidationContext
    private let visitor: ValidationVisitor
    private let schema: Schema
    /// What the definition at hand uses.
    private var use = DefinitionUse()
    /// How many definitions and uses of variables may be looked at for all operations together.
    private var remainingWork: Int

    init(_ context: ValidationContext, _ visitor: ValidationVisitor) {
        self.context = context
        self.visitor = visitor
        schema = context.schema
        remainingWork = 200_000 + 8 * context.document.tokenCount
    }

    func run() {
        for definition in context.document.definitions where !context.isFull {
            for visit in visitor.definition { visit(definition) }
            use = DefinitionUse()
            switch definition {
            case .operation(let operation): walk(operation)
            case .fragment(let fragment): walk(fragment)
            case .typeSystem: break
            }
        }
        for (operation, use) in zip(context.operations, context.operationUses) where !context.isFull {
            show(operation, use)
        }
        for visit in visitor.end where !context.isFull { visit() }
    }

    private func walk(_ operation: OperationDefinition) {
        context.operationUses.append(use)
        for variable in operation.variables {
            for visit in visitor.variable { visit(variable) }
            if let value = variable.defaultValue { walk(value, expecting: variable.type.reference) }
            walk(variable.directives, .variableDefinition)
        }
        let location: DirectiveLocation =
            switch operation.kind {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        walk(operation.directives, location)
        walk(operation.selectionSet, on: schema.rootType(for: operation.kind), context.scopes.addOperationScope())
    }

    private func walk(_ fragment: FragmentDefinition) {
        var scope: Int?
        if let index = context.fragmentIndex(fragment.name.value), context.fragments[index] === fragment {
            use = context.fragmentUses[index]
            scope = index
        }
        walk(fragment.directives, .fragmentDefinition)
        walk(
            fragment.selectionSet, on: compositeType(fragment.typeCondition), scope ?? context.scopes.addScope())
    }

    private func compositeType(_ name: Name) -> NamedType? {
        schema.type(named: name.value).flatMap { $0.isComposite ? $0 : nil }
    }

    private func walk(_ set: SelectionSet, on type: NamedType?, _ scope: Int) {
        for selection in set.selections where !context.isFull {
            switch selection {
            case .field(let field): walk(field, on: type, scope)
            case .fragmentSpread(let spread): walk(spread, on: type, scope)
            case .inlineFragment(let fragment):
                for visit in visitor.inlineFragment { visit(fragment, type) }
                walk(fragment.directives, .inlineFragment)
                let condition = fragment.typeCondition
                walk(fragment.selectionSet, on: condition.map { compositeType($0) } ?? type, scope)
            }
        }
    }

    private func walk(_ spread: FragmentSpread, on type: NamedType?, _ scope: Int) {
        let index = context.fragmentIndex(spread.name.value)
        if let index {
            use.spreads.append((index, spread.offset))
            context.scopes.addSpread(of: index, to: scope)
        }
        for visit in visitor.spread { visit(spread, index.map { context.fragments[$0] }, type) }
        walk(spread.directives, .fragmentSpread)
    }

    private func walk(_ field: Field, on type: NamedType?, _ scope: Int) {
        let definition = type.flatMap { schema.field(named: field.name.value, on: $0) }
        for visit in visitor.field { visit(field, type, definition) }
        var owner = ArgumentList.Owner.unknown
        if let definition, let type { owner = .field(definition, parent: type) }
        walk(ArgumentList(arguments: field.arguments, owner: owner, offset: field.offset))
        walk(field.directives, .field)
        let child = field.selectionSet.map { _ in context.scopes.addScope() }
        if let type {
            context.scopes.add(
                SelectionScopes.Entry(field: field, parent: type, definition: definition, child: child), to: scope)
        }
        if let set = field.selectionSet, let child {
            let fieldType = definition.flatMap { schema.type(of: $0.type) }
            walk(set, on: fieldType.flatMap { $0.isComposite ? $0 : nil }, child)
        }
    }

    private func walk(_ directives: [Directive], _ location: DirectiveLocation) {
        guard !directives.isEmpty else { return }
        for visit in visitor.directives { visit(directives, location) }
        for directive in directives where !context.isFull {
            let definition = schema.directives[directive.name.value]
            walk(
                ArgumentList(
                    arguments: directive.arguments, owner: definition.map { .directive($0) } ?? .unknown,
                    offset: directive.offset))
        }
    }

    private func walk(_ list: ArgumentList) {
        for visit in visitor.arguments { visit(list) }
        let definitions = list.definitions
        for argument in list.arguments where !context.isFull {
            let definition = definitions?[argument.name.value]
            walk(argument.value, expecting: definition?.type)
            note(argument.value, definition?.type, hasDefault: definition?.defaultValue != nil)
        }
    }

    private func walk(_ value: Value, expecting type: TypeReference?) {
        for visit in visitor.value { visit(value, type) }
    }

    /// Notes the variables in a value with the types of their positions.
    private func note(_ value: Value, _ type: TypeReference?, hasDefault: Bool, oneOf: String? = nil) {
        switch value.kind {
        case .variable(let name):
            use.variables.append(
                VariableUse(name: name, offset: value.offset, type: type, hasDefault: hasDefault, oneOf: oneOf))
        case .list(let items):
            for item in items { note(item, type?.itemType, hasDefault: false) }
        case .object(let fields):
            // An object may also stand for a list of one (§3.11).
            let input = type.flatMap { schema.type(of: $0) }
            for field in fields {
                let definition = input?.inputFields[field.name.value]
                note(
                    field.value, definition?.type, hasDefault: definition?.defaultValue != nil,
                    oneOf: input?.isOneOf == true ? input?.name : nil)
            }
        case .int, .float, .string, .boolean, .null, .enum: break
        }
    }

    /// Shows an operation with all that it uses through fragments, each once.
    private func show(_ operation: OperationDefinition, _ root: DefinitionUse) {
        var reachable: [DefinitionUse] = [root]
        var seen: Set<Int> = []
        var next = 0
        while next < reachable.count {
            let use = reachable[next]
            next += 1
            remainingWork -= 1 + use.variables.count + use.spreads.count
            for spread in use.spreads where seen.insert(spread.fragment).inserted {
                reachable.append(context.fragmentUses[spread.fragment])
            }
            if remainingWork < 0 {
                context.refuse("The document is too complex to validate: too many operations share its fragments.")
                return
            }
        }
        for visit in visitor.operationUse { visit(operation, reachable) }
    }
}
