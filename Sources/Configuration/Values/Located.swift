/// A place in a file: line and column, both from 1; the column counts Unicode scalars (as libyaml does).
public struct Mark: Hashable, Comparable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// The column in Unicode scalars, from 1.
    public var column: Int

    /// A place from its line and column, both from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The beginning of a file.
    public static let start = Mark(line: 1, column: 1)

    /// Whether `left` stands before `right`.
    public static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value of `gateway.yaml` and where it stands, for the layers that check it against something outside the file.
///
/// A value that the file leaves out and a default filled has the place of the block that it belongs to.
public struct Located<Value: Sendable>: Sendable {
    /// The value.
    public var value: Value
    /// Where it is written.
    public var mark: Mark

    /// A value at a place.
    public init(_ value: Value, at mark: Mark) {
        self.value = value
        self.mark = mark
    }
}

extension Located: Equatable where Value: Equatable {}
