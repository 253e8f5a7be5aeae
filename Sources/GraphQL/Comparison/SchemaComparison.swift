/// What a client sees of the step from one schema to another, in the order of the new one; what is gone comes first.
///
/// Descriptions and the directives that clients don't see don't count.
public struct SchemaComparison: Sendable {
    /// Every difference.
    public private(set) var changes: [SchemaChange] = []
    private let old: Schema
    private let new: Schema

    /// Compares two valid schemas.
    public init(from old: Schema, to new: Schema) {
        self.old = old
        self.new = new
        for type in old.types where type.origin == .document && new.types[type.name] == nil {
            add(.breaking, type.name, "was removed")
        }
        for type in new.types where type.origin == .document {
            guard let before = old.types[type.name] else {
                add(.safe, type.name, "was added")
                continue
            }
            compare(before, type)
        }
        compareRoots()
        compareDirectives()
    }

    mutating func add(_ severity: ChangeSeverity, _ coordinate: String, _ message: String) {
        changes.append(SchemaChange(severity, coordinate, message))
    }

    // MARK: Types

    private mutating func compare(_ old: NamedType, _ new: NamedType) {
        guard old.kind == new.kind else {
            add(.breaking, new.name, "is of the kind \(new.kind.noun), and was \(old.kind.noun)")
            return
        }
        compareInterfaces(old, new)
        for field in old.fields where new.fields[field.name] == nil { add(.breaking, field.coordinate, "was removed") }
        for field in new.fields {
            if let before = old.fields[field.name] {
                compare(before, field)
            } else {
                add(.safe, field.coordinate, "was added")
            }
        }
        compareMembers(old, new)
        compareValues(old, new)
        compareInput(old, new)
        if old.specifiedByURL != new.specifiedByURL { add(.notable, new.name, "has another specification") }
    }

    private mutating func compareInterfaces(_ old: NamedType, _ new: NamedType) {
        for interface in old.interfaces where !new.interfaces.contains(interface) {
            add(.breaking, new.name, "no longer implements \(interface)")
        }
        for interface in new.interfaces where !old.interfaces.contains(interface) {
            add(.notable, new.name, "now implements \(interface), so it may come where \(interface) is asked for")
        }
    }

    private mutating func compareMembers(_ old: NamedType, _ new: NamedType) {
        for member in old.memberTypes where !new.memberTypes.contains(member) {
            add(.breaking, new.name, "no longer holds \(member)")
        }
        for member in new.memberTypes where !old.memberTypes.contains(member) {
            add(.notable, new.name, "now holds \(member), which clients may not know")
        }
    }

    private mutating func compareValues(_ old: NamedType, _ new: NamedType) {
        for value in old.values where new.values[value.name] == nil { add(.breaking, value.coordinate, "was removed") }
        for value in new.values {
            if let before = old.values[value.name] {
                compareDeprecation(before.deprecationReason, value.deprecationReason, value.coordinate)
            } else {
                add(.notable, value.coordinate, "was added, which clients may not know")
            }
        }
    }

    private mutating func compareInput(_ old: NamedType, _ new: NamedType) {
        compareInputs(old.inputFields, new.inputFields)
        if !old.isOneOf, new.isOneOf { add(.breaking, new.name, "now takes exactly one of its fields (@oneOf)") }
        if old.isOneOf, !new.isOneOf { add(.safe, new.name, "takes any of its fields (no @oneOf)") }
    }

    // MARK: Fields and what they take

    private mutating func compare(_ old: SchemaField, _ new: SchemaField) {
        if old.type != new.type {
            let what = "has the type \(new.type), and had \(old.type)"
            // Whoever takes the old type takes every value of the new one, if nothing but null is missing.
            add(Self.isStricter(new.type, than: old.type) ? .safe : .breaking, new.coordinate, what)
        }
        compareDeprecation(old.deprecationReason, new.deprecationReason, new.coordinate)
        compareInputs(old.arguments, new.arguments)
    }

    /// Arguments, or fields of an input object.
    private mutating func compareInputs(_ old: NamedTable<SchemaInputValue>, _ new: NamedTable<SchemaInputValue>) {
        for input in old where new[input.name] == nil { add(.breaking, input.coordinate, "was removed") }
        for input in new {
            if let before = old[input.name] {
                compare(before, input)
            } else if input.isRequired {
                add(.breaking, input.coordinate, "was added and must be given (\(input.type))")
            } else {
                add(.safe, input.coordinate, "was added")
            }
        }
    }

    private mutating func compare(_ old: SchemaInputValue, _ new: SchemaInputValue) {
        if old.type != new.type {
            let isWider = Self.isStricter(old.type, than: new.type)
            add(isWider ? .safe : .breaking, new.coordinate, "takes \(new.type), and took \(old.type)")
        }
        let (before, after) = (old.defaultValue?.description, new.defaultValue?.description)
        if before != after {
            if after == nil, new.type.isNonNull {
                add(.breaking, new.coordinate, "must be given, and was \(before ?? "null") where it was left out")
            } else {
                add(
                    .notable, new.coordinate,
                    "is \(after ?? "absent") where it is left out, and was \(before ?? "absent")")
            }
        }
        compareDeprecation(old.deprecationReason, new.deprecationReason, new.coordinate)
    }

    /// Whether `type` is `other` but for more Non-Null.
    private static func isStricter(_ type: TypeReference, than other: TypeReference) -> Bool {
        switch (type, other) {
        case (.nonNull(let type), .nonNull(let other)): isStricter(type, than: other)
        case (.nonNull(let type), _): isStricter(type, than: other)
        case (.list(let item), .list(let other)): isStricter(item, than: other)
        case (.named(let name), .named(let other)): name == other
        default: false
        }
    }

    private mutating func compareDeprecation(_ old: String?, _ new: String?, _ coordinate: String) {
        switch (old, new) {
        case (nil, let reason?): add(.notable, coordinate, "is deprecated: \(reason)")
        case (.some, nil): add(.safe, coordinate, "is no longer deprecated")
        default: break
        }
    }

    // MARK: Roots and directives

    private mutating func compareRoots() {
        for kind in [OperationKind.query, .mutation, .subscription] {
            let (before, after) = (old.rootType(for: kind)?.name, new.rootType(for: kind)?.name)
            guard before != after else { continue }
            switch (before, after) {
            case (let before?, nil): add(.breaking, before, "is no longer where a \(kind.rawValue) begins")
            case (nil, let after?): add(.safe, after, "is where a \(kind.rawValue) begins")
            case (_, let after?): add(.breaking, after, "is where a \(kind.rawValue) begins, and was \(before ?? "")")
            case (nil, nil): break
            }
        }
    }

    /// Directives that documents may use.
    private mutating func compareDirectives() {
        for directive in old.directives where directive.origin == .document && new.directives[directive.name] == nil {
            add(directive.isExecutable ? .breaking : .safe, "@\(directive.name)", "was removed")
        }
        for directive in new.directives where directive.origin == .document {
            guard let before = old.directives[directive.name] else {
                add(.safe, "@\(directive.name)", "was added")
                continue
            }
            guard before.isExecutable else { continue }
            for location in before.locations where location.isExecutable && !directive.locations.contains(location) {
                add(.breaking, "@\(directive.name)", "may no longer stand on \(location.rawValue)")
            }
            if before.isRepeatable, !directive.isRepeatable {
                add(.breaking, "@\(directive.name)", "may no longer be repeated")
            }
            compareInputs(before.arguments, directive.arguments)
        }
    }
}

extension SchemaDirective {
    fileprivate var isExecutable: Bool { locations.contains(where: \.isExecutable) }
}

extension DirectiveLocation {
    /// Whether it is in documents that clients send (§2.13.1).
    fileprivate var isExecutable: Bool {
        switch self {
        case .query, .mutation, .subscription, .field, .fragmentDefinition, .fragmentSpread, .inlineFragment,
            .variableDefinition:
            true
        default: false
        }
    }
}
