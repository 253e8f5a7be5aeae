internal import GraphQL

/// Binds the inputs of a route for one field: a variable by `with`, else by the field's argument of that name, else by
/// the parent's member of that name; an expression of the route itself by what it says.
struct RouteBinder {
    struct Problem {
        let message: String
        let offset: UInt32
        var suggestion: String?
    }

    let route: RouteDescription
    let field: SchemaField
    let use: AppliedDirective
    let isRoot: Bool
    let parent: NamedType
    let schema: Schema
    /// Whether tokens are believed, so that there may be claims.
    let hasTokens: Bool
    private(set) var problems: [Problem] = []

    init(
        route: RouteDescription, field: SchemaField, use: AppliedDirective, isRoot: Bool, parent: NamedType,
        schema: Schema, hasTokens: Bool
    ) {
        self.route = route
        self.field = field
        self.use = use
        self.isRoot = isRoot
        self.parent = parent
        self.schema = schema
        self.hasTokens = hasTokens
    }

    /// A binding for each input of the route; those with a problem are null.
    mutating func bind() -> [MappedBinding] {
        let given = givenValues()
        return route.inputs.enumerated().map { index, input in
            let known = problems.count
            let bound: MappedBinding
            var offset = use.directive.offset
            switch input {
            case .variable(let name):
                offset = given[name]?.offset ?? offset
                bound = variable(name, given[name])
            case .expression(let expression):
                bound = binding(
                    of: expression, "Route \"\(route.name)\" uses \(expression.description)", use.directive.offset)
            }
            if route.pathInputs.contains(index), problems.count == known { checkPathValue(bound, index, offset) }
            return bound
        }
    }

    /// A value of a path that no request could be made with (contract section 2, template variables).
    private mutating func checkPathValue(_ binding: MappedBinding, _ input: Int, _ offset: UInt32) {
        let found: String
        switch binding {
        case .literal(.null): found = "null"
        case .literal(.list), .list: found = "a list"
        case .literal(.object), .object: found = "an object"
        case .literal(.string(let text)) where ["", ".", ".."].contains(text): found = "\"\(text)\""
        case .argument(let names):
            guard let type = argumentType(names) else { return }
            let isObject = schema.type(of: type)?.kind == .inputObject
            guard type.isList || isObject else { return }
            found = "\(type.isList ? "a list" : "an object"), $args.\(names.joined(separator: "."))"
        default: return
        }
        report(
            "Route \"\(route.name)\" takes \(route.inputName(input)) in its path, where a single value stands; this is "
                + "\(found).",
            at: offset)
    }

    /// The type of `$args.x.y`; nil where there is none, or only a request shows it.
    private func argumentType(_ names: [String]) -> TypeReference? {
        guard var type = names.first.flatMap({ field.arguments[$0]?.type }) else { return nil }
        for name in names.dropFirst() {
            guard let inner = schema.type(of: type)?.inputFields[name]?.type else { return nil }
            type = inner
        }
        return type
    }

    private mutating func report(_ message: String, at offset: UInt32, suggestion: String? = nil) {
        problems.append(Problem(message: message, offset: offset, suggestion: suggestion))
    }

    /// The members of `with`; reports those that the route has no variable for.
    private mutating func givenValues() -> [String: Value] {
        guard let value = use.argument(named: "with"), !value.isNull else { return [:] }
        guard let members = value.objectFields else {
            report("\"with\" is an object, {id: \"$this.id\"}; found \(value).", at: value.offset)
            return [:]
        }
        let names = route.inputs.compactMap { if case .variable(let name) = $0 { name } else { nil } }
        var values: [String: Value] = [:]
        for member in members {
            let name = member.name.value
            if !names.contains(name) {
                report(
                    "Route \"\(route.name)\" has no variable \"\(name)\".", at: member.offset,
                    suggestion: suggestion(for: name, among: names))
            } else if values.updateValue(member.value, forKey: name) != nil {
                report("\"with\" gives \"\(name)\" twice.", at: member.offset)
            }
        }
        return values
    }

    private mutating func variable(_ name: String, _ given: Value?) -> MappedBinding {
        if let given { return value(given, isNested: false) }
        if field.arguments[name] != nil { return .argument([name]) }
        // The parent's JSON may hold more than its type tells; only what the type tells is bound without a word.
        if !isRoot, parent.fields[name] != nil { return .this(JSONPath(steps: [.member(name)])) }
        report(
            "Nothing binds {\(name)} of route \"\(route.name)\": \(field.coordinate) has no argument \"\(name)\""
                + (isRoot ? "" : ", \(parent.name) no field of that name")
                + "; give it in \"with\".",
            at: use.directive.offset)
        return .literal(.null)
    }

    /// A value written in `with`.
    private mutating func value(_ value: Value, isNested: Bool) -> MappedBinding {
        switch value.kind {
        case .variable, .null: return .literal(.null)
        case .int(let text), .float(let text): return .literal(.number(text))
        case .boolean(let flag): return .literal(.boolean(flag))
        case .enum(let name): return .literal(.string(name))
        case .string(let text, _): return string(text, value.offset, isNested: isNested)
        case .list(let items):
            let bindings = items.map { self.value($0, isNested: true) }
            let constants = bindings.compactMap(\.constant)
            return constants.count == bindings.count ? .literal(.list(constants)) : .list(bindings)
        case .object(let members):
            let bindings = members.map {
                MappedMember(name: $0.name.value, value: self.value($0.value, isNested: true))
            }
            let constants = bindings.compactMap { member in
                member.value.constant.map { TemplateMember(name: member.name, value: $0) }
            }
            return constants.count == bindings.count ? .literal(.object(constants)) : .object(bindings)
        }
    }

    private mutating func string(_ text: String, _ offset: UInt32, isNested: Bool) -> MappedBinding {
        guard text.utf8.first == UInt8(ascii: "$") else { return .literal(.string(text)) }
        if text.utf8.dropFirst().first == UInt8(ascii: "$") {
            return .literal(.string(String(text.unicodeScalars.dropFirst())))
        }
        do throws(ExpressionError) {
            let expression = try ValueExpression(text)
            guard case .batch(let path) = expression else {
                return binding(of: expression, "\"\(text)\"", offset)
            }
            if isNested {
                report("$batch is a variable's whole value, not a part of it.", at: offset)
            } else if isRoot {
                report("\"\(text)\": \(field.coordinate) is a root field, it has no parents.", at: offset)
            }
            return .batch(path)
        } catch {
            report(error.message + ".", at: offset, suggestion: error.suggestion)
            return .literal(.null)
        }
    }

    /// An expression other than `$batch`. `subject` begins the sentence of a problem.
    private mutating func binding(
        of expression: ValueExpression, _ subject: String, _ offset: UInt32
    ) -> MappedBinding {
        switch expression {
        case .argument(let names):
            checkArgument(names, subject, offset)
            return .argument(names)
        case .this(let path):
            if isRoot { report("\(subject): \(field.coordinate) is a root field, it has no parent.", at: offset) }
            return .this(path)
        case .batch:
            report("\(subject): $batch can only stand in \"with\".", at: offset)
            return .literal(.null)
        case .claim(let names):
            if !hasTokens {
                report("\(subject): there are no claims without auth.jwt in the configuration.", at: offset)
            }
            return .claim(names)
        case .header(let name): return .header(name)
        case .clientSubject: return .clientSubject
        case .profile: return .profile
        }
    }

    /// `$args.x.y`: the argument exists, and so does each input field on the way.
    private mutating func checkArgument(_ names: [String], _ subject: String, _ offset: UInt32) {
        guard let first = names.first, let argument = field.arguments[first] else {
            report(
                "\(subject): \(field.coordinate) has no argument \"\(names.first ?? "")\".", at: offset,
                suggestion: suggestion(for: names.first ?? "", among: field.arguments.names).map { "$args.\($0)" })
            return
        }
        var type = argument.type
        for name in names.dropFirst() {
            guard let named = schema.type(of: type), !type.isList else {
                report("\(subject): there is no \"\(name)\" in a value of type \(type).", at: offset)
                return
            }
            // What a custom scalar holds shows only at run time.
            if named.kind == .scalar, named.origin == .document { return }
            guard let inner = named.inputFields[name] else {
                report(
                    "\(subject): \(named.name) has no field \"\(name)\".", at: offset,
                    suggestion: suggestion(for: name, among: named.inputFields.names))
                return
            }
            type = inner.type
        }
    }
}

extension MappedBinding {
    /// The value, where it depends on nothing.
    var constant: TemplateValue? { if case .literal(let value) = self { value } else { nil } }
}

extension ValueExpression: CustomStringConvertible {
    /// The expression as it is written.
    public var description: String {
        switch self {
        case .argument(let names): "$args.\(names.joined(separator: "."))"
        case .this(let path): "$this.\(path)"
        case .batch(let path): "$batch.\(path)"
        case .claim(let names): "$claims.\(names.joined(separator: "."))"
        case .header(let name): "$header.\(name)"
        case .clientSubject: "$client.subject"
        case .profile: "$profile"
        }
    }
}
