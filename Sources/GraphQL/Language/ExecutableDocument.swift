// The syntax tree of requests (GraphQL §2). How to read it:
// - Everything is immutable and `Sendable`. Operations, fragments, selection sets and the three selections are final
//   classes, so that validation can key tables by `ObjectIdentifier`; everything else is a struct.
// - Nodes hold byte offsets into `Document.source`; `source.location(at:)` makes a line and a column of one.
//   `offset` is where the node begins: the `$` of a variable, the `@` of a directive, the alias of a field.
// - The parser bounds nesting (200 unless told otherwise), so code may recurse over selection sets, values and types.
//   Fragment spreads are not resolved here: a document can still have cycles among them.
// - Type system definitions in an executable document parse; refusing them is validation's work (§5.1.1).

/// A name and where it stands.
public struct Name: Sendable {
    /// The name.
    public let value: String
    /// Byte offset of its first letter.
    public let offset: UInt32
}

/// A description: a string before a definition.
public struct Description: Sendable {
    /// Its value.
    public let value: String
    /// Whether it was written between triple quotes.
    public let isBlock: Bool
    /// Byte offset of the opening quotes.
    public let offset: UInt32
}

/// A parsed document (§2.3).
public struct Document: Sendable {
    /// The text that it was parsed from.
    public let source: Source
    /// All definitions, in order.
    public let definitions: [Definition]
    /// How many lexical tokens the document has.
    public let tokenCount: Int

    /// The operations, in order.
    public var operations: [OperationDefinition] {
        definitions.compactMap { if case .operation(let operation) = $0 { operation } else { nil } }
    }

    /// The fragment definitions, in order.
    public var fragments: [FragmentDefinition] {
        definitions.compactMap { if case .fragment(let fragment) = $0 { fragment } else { nil } }
    }
}

/// One definition of a document.
public enum Definition: Sendable {
    /// An operation (§2.4).
    case operation(OperationDefinition)
    /// A fragment (§2.9).
    case fragment(FragmentDefinition)
    /// A definition or extension of the type system (§3); not executable.
    case typeSystem(TypeSystemDefinition)

    /// Byte offset of its first token.
    public var offset: UInt32 {
        switch self {
        case .operation(let operation): operation.offset
        case .fragment(let fragment): fragment.offset
        case .typeSystem(let definition): definition.offset
        }
    }
}

/// The three kinds of operation.
public enum OperationKind: String, Sendable, CaseIterable {
    /// Reads.
    case query
    /// Writes, its root fields one after the other.
    case mutation
    /// A stream of answers.
    case subscription
}

/// An operation (§2.4).
public final class OperationDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// Query, mutation or subscription.
    public let kind: OperationKind
    /// The name; nil for an anonymous operation.
    public let name: Name?
    /// The variables, in order.
    public let variables: [VariableDefinition]
    /// The directives, in order.
    public let directives: [Directive]
    /// The root selection set.
    public let selectionSet: SelectionSet
    /// Byte offset of its first token.
    public let offset: UInt32

    init(
        description: Description?, kind: OperationKind, name: Name?, variables: [VariableDefinition],
        directives: [Directive], selectionSet: SelectionSet, offset: UInt32
    ) {
        self.description = description
        self.kind = kind
        self.name = name
        self.variables = variables
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

/// A variable of an operation (§2.11).
public struct VariableDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name without `$`.
    public let name: Name
    /// The type.
    public let type: TypeSyntax
    /// The default value, a constant.
    public let defaultValue: Value?
    /// The directives, whose arguments are constants.
    public let directives: [Directive]
    /// Byte offset of the `$`, or of the description before it.
    public let offset: UInt32
}

/// A fragment (§2.9).
public final class FragmentDefinition: Sendable {
    /// The description, if any.
    public let description: Description?
    /// The name.
    public let name: Name
    /// The type that it applies to.
    public let typeCondition: Name
    /// The directives, in order.
    public let directives: [Directive]
    /// What it selects.
    public let selectionSet: SelectionSet
    /// Byte offset of its first token.
    public let offset: UInt32

    init(
        description: Description?, name: Name, typeCondition: Name, directives: [Directive],
        selectionSet: SelectionSet, offset: UInt32
    ) {
        self.description = description
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

/// What stands between braces (§2.5).
public final class SelectionSet: Sendable {
    /// The selections, in order; at least one.
    public let selections: [Selection]
    /// Byte offset of the opening brace.
    public let offset: UInt32

    init(selections: [Selection], offset: UInt32) {
        self.selections = selections
        self.offset = offset
    }
}

/// One member of a selection set.
public enum Selection: Sendable {
    /// A field.
    case field(Field)
    /// A named fragment's use.
    case fragmentSpread(FragmentSpread)
    /// A fragment written in place.
    case inlineFragment(InlineFragment)

    /// The directives on it.
    public var directives: [Directive] {
        switch self {
        case .field(let field): field.directives
        case .fragmentSpread(let spread): spread.directives
        case .inlineFragment(let fragment): fragment.directives
        }
    }

    /// Byte offset of its first token.
    public var offset: UInt32 {
        switch self {
        case .field(let field): field.offset
        case .fragmentSpread(let spread): spread.offset
        case .inlineFragment(let fragment): fragment.offset
        }
    }
}

/// A field (§2.6).
public final class Field: Sendable {
    /// The alias, if any (§2.8).
    public let alias: Name?
    /// The field's name in the schema.
    public let name: Name
    /// The arguments, in order (§2.7).
    public let arguments: [Argument]
    /// The directives, in order.
    public let directives: [Directive]
    /// The selection set, if any.
    public let selectionSet: SelectionSet?
    /// Byte offset of the alias, or of the name.
    public let offset: UInt32

    init(
        alias: Name?, name: Name, arguments: [Argument], directives: [Directive], selectionSet: SelectionSet?,
        offset: UInt32
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }

    /// The name that the answer uses: the alias, else the field's name.
    public var responseKey: String { (alias ?? name).value }
}

/// `...name` (§2.9).
public final class FragmentSpread: Sendable {
    /// The fragment's name.
    public let name: Name
    /// The directives, in order.
    public let directives: [Directive]
    /// Byte offset of the dots.
    public let offset: UInt32

    init(name: Name, directives: [Directive], offset: UInt32) {
        self.name = name
        self.directives = directives
        self.offset = offset
    }
}

/// `... on Type {}` (§2.9.2).
public final class InlineFragment: Sendable {
    /// The type that it applies to; nil for that of the enclosing selection set.
    public let typeCondition: Name?
    /// The directives, in order.
    public let directives: [Directive]
    /// What it selects.
    public let selectionSet: SelectionSet
    /// Byte offset of the dots.
    public let offset: UInt32

    init(typeCondition: Name?, directives: [Directive], selectionSet: SelectionSet, offset: UInt32) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.offset = offset
    }
}

/// A name and a value: an argument of a field or directive (§2.7).
public struct Argument: Sendable {
    /// The argument's name.
    public let name: Name
    /// Its value.
    public let value: Value
    /// Byte offset of the name.
    public var offset: UInt32 { name.offset }
}

/// A directive's use (§2.13).
public struct Directive: Sendable {
    /// The name without `@`.
    public let name: Name
    /// The arguments, in order.
    public let arguments: [Argument]
    /// Byte offset of the `@`.
    public let offset: UInt32

    /// The first argument of that name.
    public func argument(named name: String) -> Argument? { arguments.first { $0.name.value == name } }
}
