/// Something that a table finds by its name.
public protocol Named: Sendable {
    /// The name, unique within its table.
    var name: String { get }
}

/// Elements in the order of their definition, found by name in constant time.
public struct NamedTable<Element: Named>: Sendable, RandomAccessCollection {
    private let elements: [Element]
    private let indices: [String: Int]

    /// A table of elements; of several with one name, the first is the one found by it.
    public init(_ elements: [Element] = []) {
        self.elements = elements
        indices = Dictionary(elements.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The element of that name.
    public subscript(name: String) -> Element? { indices[name].map { elements[$0] } }

    /// The first position: 0.
    public var startIndex: Int { 0 }
    /// The number of elements.
    public var endIndex: Int { elements.count }
    /// The element at a position.
    public subscript(position: Int) -> Element { elements[position] }

    /// The names in order.
    public var names: [String] { elements.map(\.name) }
}
