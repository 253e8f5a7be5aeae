/// How a value is completed (GraphQL §6.4.3).
public indirect enum OutputType: Sendable {
    /// Null is an error that goes to the nearest nullable ancestor.
    case nonNull(OutputType)
    /// A list, of which at most the first `cap` items are answered (and looked at).
    case list(OutputType, cap: Int?)
    /// A scalar or enum.
    case leaf(LeafType)
    /// An object of a known type.
    case object(ObjectSelection)
    /// An object whose type its JSON tells.
    case abstract(AbstractSelection)

    /// Whether something below is fetched.
    public var containsFetch: Bool {
        switch self {
        case .nonNull(let type), .list(let type, _): type.containsFetch
        case .leaf: false
        case .object(let selection): selection.containsFetch
        case .abstract(let selection): selection.containsFetch
        }
    }

    /// Whether null is an error.
    public var isNonNull: Bool { if case .nonNull = self { true } else { false } }

    /// The type without an outer `nonNull`.
    public var nullable: OutputType { if case .nonNull(let type) = self { type } else { self } }
}

/// Which JSON a leaf takes (contract: Int a number of integral value in 32 bits, and so on).
public enum LeafType: Sendable {
    /// A number of integral value in 32 bits.
    case int
    /// A number within double range.
    case float
    /// A string.
    case string
    /// `true` or `false`.
    case boolean
    /// A string or an integral number, answered as a string.
    case id
    /// A string that names one of the values.
    case enumeration(EnumerationValues)
    /// Any JSON, passed on as it is; the scalar's name.
    case custom(String)
}

/// The values of an enum type, to be looked up by their bytes.
public final class EnumerationValues: Sendable {
    /// The enum type's name.
    public let typeName: String
    /// The names of the values in UTF-8, in schema order.
    public let names: [[UInt8]]

    /// The values of the type of that name.
    public init(typeName: String, names: [String]) {
        self.typeName = typeName
        self.names = names.map { Array($0.utf8) }
    }

    /// Whether `name` (the content of a JSON string, no quotes, no escapes) is one of the values.
    public func contains(_ name: RawSpan) -> Bool {
        names.contains { name.holds($0) }
    }
}

/// An object position of an interface or union type.
public final class AbstractSelection: Sendable {
    /// The interface's or union's name.
    public let typeName: String
    /// From the object's record to the value that tells the type.
    public let kindPath: [PathStep]
    /// The selections that can apply, one for each possible type that a value resolves to, in schema order.
    public let selections: [ObjectSelection]
    /// Whether something below is fetched.
    public let containsFetch: Bool

    private let strings: [(bytes: [UInt8], index: Int)]
    private let literals: [(bytes: [UInt8], index: Int)]

    /// - Parameter kinds: each value that resolves, and the index in `selections` of what it resolves to.
    init(typeName: String, kindPath: [PathStep], selections: [ObjectSelection], kinds: [(KindValue, Int)]) {
        self.typeName = typeName
        self.kindPath = kindPath
        self.selections = selections
        containsFetch = selections.contains { $0.containsFetch }
        strings = kinds.compactMap { if case .string(let text) = $0.0 { (Array(text.utf8), $0.1) } else { nil } }
        literals = kinds.compactMap { if case .literal(let text) = $0.0 { (Array(text.utf8), $0.1) } else { nil } }
    }

    /// The selection for an object whose kind is a JSON string with that content (no quotes, escapes decoded).
    public func selection(forString content: RawSpan) -> ObjectSelection? {
        strings.first { content.holds($0.bytes) }.map { selections[$0.index] }
    }

    /// The selection for an object whose kind is this JSON number, `true` or `false`. Numbers are compared as text.
    public func selection(forLiteral text: RawSpan) -> ObjectSelection? {
        literals.first { text.holds($0.bytes) }.map { selections[$0.index] }
    }
}

/// A JSON value that tells an object's type.
public enum KindValue: Sendable, Hashable {
    /// A string's content.
    case string(String)
    /// A number, `true` or `false`, as JSON text.
    case literal(String)
}
