internal import GraphQL

extension MappingBuilder {
    /// What `@cost` and `@listSize` among `uses` say of a field, or what holds without them; reports what can't be.
    mutating func fieldCost(of field: SchemaField, _ uses: [AppliedDirective]) -> FieldCost {
        let isComposite = schema.type(of: field.type)?.isComposite ?? false
        var cost = FieldCost(weight: isComposite ? 1 : 0, sizes: [])
        if let use = uses.first(where: { $0.name == "cost" }), let weight = count("weight", of: use, field) {
            cost.weight = weight
        }
        let listSize = uses.first { $0.name == "listSize" }
        guard field.type.isList else {
            if let listSize {
                report(
                    "@listSize stands on a field that is not a list: its type is \(field.type).",
                    at: listSize.position, coordinate: field.coordinate)
            }
            return cost
        }
        var size = ListSize(assumed: ListSize.unknown, innerLists: field.type.listDepth - 1)
        if let listSize {
            size.assumed = count("assumed", of: listSize, field) ?? size.assumed
            size.argument = slicingArgument(of: listSize, field)
            if listSize.directive.arguments.isEmpty {
                report(
                    "@listSize says nothing here: give \"assumed\", \"argument\" or both.",
                    at: listSize.position, coordinate: field.coordinate)
            }
        }
        cost.sizes = [size]
        return cost
    }

    /// An argument that is a number from 0 on; reports a negative one.
    private mutating func count(_ argument: String, of use: AppliedDirective, _ field: SchemaField) -> Int? {
        guard let value = use.argument(named: argument), case .int(let digits) = value.kind,
            let number = Int(digits)
        else { return nil }
        if number >= 0 { return number }
        report(
            "\"\(argument)\" of @\(use.name) is \(number); it must be 0 or more.",
            at: use.position(at: value.offset), coordinate: field.coordinate)
        return nil
    }

    /// The field's argument that gives the number of items; reports one that is missing or no Int.
    private mutating func slicingArgument(of use: AppliedDirective, _ field: SchemaField) -> String? {
        guard let value = use.argument(named: "argument"), let name = value.stringValue else { return nil }
        guard let argument = field.arguments[name] else {
            report(
                "The field has no argument \"\(name)\" that @listSize could read.",
                at: use.position(at: value.offset), coordinate: field.coordinate,
                suggestion: suggestion(for: name, among: field.arguments.names))
            return nil
        }
        guard !argument.type.isList, argument.type.namedType == "Int" else {
            report(
                "The argument \"\(name)\" has the type \(argument.type); @listSize can read an Int only.",
                at: use.position(at: value.offset), coordinate: field.coordinate)
            return nil
        }
        return name
    }
}

extension TypeReference {
    /// How many lists are around the named type.
    fileprivate var listDepth: Int {
        switch self {
        case .nonNull(let wrapped): wrapped.listDepth
        case .list(let item): item.listDepth + 1
        case .named: 0
        }
    }
}
