/// Checks a merged schema against GraphQL §3, and reports everything. What a type refers to may be missing: that is
/// reported where it is written, and passed over everywhere else.
struct SchemaValidator {
    let schema: Schema
    private(set) var problems: [SchemaProblem] = []

    init(schema: Schema) {
        self.schema = schema
    }

    mutating func validate() {
        checkApplied(schema.appliedDirectives, on: .schema, coordinate: nil)
        for directive in schema.directives { check(directive) }
        for type in schema.types { check(type) }
        checkInputObjectCycles()
        checkDefaultValueCycles()
        checkDirectiveCycles()
    }

    mutating func report(
        _ message: String, at position: SourcePosition, coordinate: String? = nil, suggestion: String? = nil
    ) {
        problems.append(SchemaProblem(message, at: position, coordinate: coordinate, suggestion: suggestion))
    }

    /// Names that begin with two underscores are the specification's (§2.1.8).
    mutating func checkName(_ name: String, at position: SourcePosition, coordinate: String) {
        guard name.utf8.starts(with: "__".utf8) else { return }
        report(
            "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection.", at: position,
            coordinate: coordinate)
    }

    /// The type that a reference names; reports one that does not exist, and one that only hidden definitions may
    /// use, since introspection would show a reference to nothing.
    mutating func resolve(_ name: String, at position: SourcePosition, coordinate: String) -> NamedType? {
        if let type = schema.types[name] {
            if type.origin == .hidden, type.position.source !== position.source {
                report(
                    "Type \"\(name)\" is built in for directives, the API cannot use it.", at: position,
                    coordinate: coordinate)
            }
            return type
        }
        let known = schema.types.lazy.filter { !$0.isIntrospection && $0.origin != .hidden }.map(\.name)
        report(
            "Unknown type \"\(name)\".", at: position, coordinate: coordinate,
            suggestion: suggestion(for: name, among: known))
        return nil
    }

    // MARK: Types

    private mutating func check(_ type: NamedType) {
        if type.origin != .specification { checkName(type.name, at: type.position, coordinate: type.name) }
        checkApplied(type.appliedDirectives, on: type.kind.directiveLocation, coordinate: type.name)
        switch type.kind {
        case .scalar: break
        case .object, .interface:
            checkFields(of: type)
            checkInterfaces(of: type)
        case .union: checkMembers(of: type)
        case .enum: checkValues(of: type)
        case .inputObject: checkInputFields(of: type)
        }
    }

    /// §3.6 "Type Validation": at least one field, each of an output type.
    private mutating func checkFields(of type: NamedType) {
        if type.fields.isEmpty {
            report("Type \(type.name) must define one or more fields.", at: type.position, coordinate: type.name)
        }
        for field in type.fields {
            checkName(field.name, at: field.position, coordinate: field.coordinate)
            if let fieldType = resolve(field.type.namedType, at: field.typePosition, coordinate: field.coordinate),
                !fieldType.isOutputType
            {
                report(
                    "The type of \(field.coordinate) must be Output Type but got: \(field.type).",
                    at: field.typePosition, coordinate: field.coordinate)
            }
            checkApplied(field.appliedDirectives, on: .fieldDefinition, coordinate: field.coordinate)
            for argument in field.arguments { checkInput(argument, location: .argumentDefinition) }
        }
    }

    /// An argument or input field: name, input type, deprecation, directives, default value.
    mutating func checkInput(_ input: SchemaInputValue, location: DirectiveLocation) {
        checkName(input.name, at: input.position, coordinate: input.coordinate)
        if let type = resolve(input.type.namedType, at: input.typePosition, coordinate: input.coordinate),
            !type.isInputType
        {
            report(
                "The type of \(input.coordinate) must be Input Type but got: \(input.type).",
                at: input.typePosition, coordinate: input.coordinate)
        }
        checkApplied(input.appliedDirectives, on: location, coordinate: input.coordinate)
        if input.isRequired, let deprecated = input.appliedDirectives.first(where: { $0.name == "deprecated" }) {
            let noun = location == .argumentDefinition ? "argument" : "input field"
            report(
                "Required \(noun) \(input.coordinate) cannot be deprecated.", at: deprecated.position,
                coordinate: input.coordinate)
        }
        if let value = input.defaultValue {
            checkLiteral(value, input.type, source: input.position.source, coordinate: input.coordinate)
        }
    }

    /// A constant of the SDL: it fits its type, and no object in it gives a field twice.
    mutating func checkLiteral(_ value: Value, _ type: TypeReference, source: Source, coordinate: String?) {
        for problem in schema.problems(of: value, expecting: type) {
            report(
                problem.message, at: SourcePosition(source: source, offset: problem.offset), coordinate: coordinate,
                suggestion: problem.suggestion)
        }
        checkUniqueFields(value, source: source, coordinate: coordinate)
    }

    private mutating func checkUniqueFields(_ value: Value, source: Source, coordinate: String?) {
        for item in value.listValue ?? [] { checkUniqueFields(item, source: source, coordinate: coordinate) }
        var names: Set<String> = []
        for field in value.objectFields ?? [] {
            if !names.insert(field.name.value).inserted {
                report(
                    "There can be only one input field named \"\(field.name.value)\".",
                    at: SourcePosition(source: source, offset: field.offset), coordinate: coordinate)
            }
            checkUniqueFields(field.value, source: source, coordinate: coordinate)
        }
    }

    /// §3.8 "Type Validation": one or more object types, each once.
    private mutating func checkMembers(of type: NamedType) {
        if type.memberTypes.isEmpty {
            report(
                "Union type \(type.name) must define one or more member types.", at: type.position,
                coordinate: type.name)
        }
        var names: Set<String> = []
        for (name, position) in zip(type.memberTypes, type.memberPositions) {
            guard names.insert(name).inserted else {
                report(
                    "Union type \(type.name) can only include type \(name) once.", at: position, coordinate: type.name)
                continue
            }
            if let member = resolve(name, at: position, coordinate: type.name), member.kind != .object {
                report(
                    "Union type \(type.name) can only include Object types, it cannot include \(name).", at: position,
                    coordinate: type.name)
            }
        }
    }

    /// §3.9 "Type Validation".
    private mutating func checkValues(of type: NamedType) {
        if type.values.isEmpty {
            report("Enum type \(type.name) must define one or more values.", at: type.position, coordinate: type.name)
        }
        for value in type.values {
            checkName(value.name, at: value.position, coordinate: value.coordinate)
            checkApplied(value.appliedDirectives, on: .enumValue, coordinate: value.coordinate)
        }
    }

    /// §3.10 "Type Validation", with the rules of a oneOf input object.
    private mutating func checkInputFields(of type: NamedType) {
        if type.inputFields.isEmpty {
            report(
                "Input Object type \(type.name) must define one or more fields.", at: type.position,
                coordinate: type.name)
        }
        for field in type.inputFields {
            checkInput(field, location: .inputFieldDefinition)
            guard type.isOneOf else { continue }
            if field.type.isNonNull {
                report(
                    "OneOf input field \(field.coordinate) must be nullable.", at: field.typePosition,
                    coordinate: field.coordinate)
            }
            if field.defaultValue != nil {
                report(
                    "OneOf input field \(field.coordinate) cannot have a default value.", at: field.position,
                    coordinate: field.coordinate)
            }
        }
    }
}

extension TypeKind {
    /// Where directives on a definition of this kind stand.
    var directiveLocation: DirectiveLocation {
        switch self {
        case .scalar: .scalar
        case .object: .object
        case .interface: .interface
        case .union: .union
        case .enum: .enum
        case .inputObject: .inputObject
        }
    }
}
