/// A JSON value written in the file: a route's `fallback.value`, and its `body`, where a text may be a template.
///
/// Objects keep the order of the file. A number is its JSON text, with every digit that the file gives.
public indirect enum LiteralValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(Located<String>)
    case list([LiteralValue])
    case object([Member])

    /// A member of an object.
    public struct Member: Equatable, Sendable {
        /// The member's name.
        public var name: Located<String>
        /// Its value.
        public var value: LiteralValue

        /// A member with this name and value.
        public init(name: Located<String>, value: LiteralValue) {
            self.name = name
            self.value = value
        }
    }
}
