/// A path into JSON: member names with dots between, each with optional list indices, `items[0].author.id`. A path may
/// begin with an index.
public struct JSONPath: Sendable, Hashable {
    /// One step.
    public enum Step: Sendable, Hashable {
        /// To the member of that name.
        case member(String)
        /// To the item of that index.
        case element(Int)
    }

    /// The steps; at least one in a path that was parsed.
    public let steps: [Step]

    /// A path of these steps.
    public init(steps: [Step]) { self.steps = steps }

    /// Parses a path.
    public init(_ text: String) throws(PathError) {
        let bytes = Array(text.utf8)
        var steps: [Step] = []
        var index = 0
        var expectsName = true
        while index < bytes.count || expectsName {
            if index < bytes.count, bytes[index] == UInt8(ascii: "["), !expectsName || steps.isEmpty {
                steps.append(.element(try Self.listIndex(bytes, &index)))
                expectsName = false
            } else if expectsName {
                let start = index
                while index < bytes.count, bytes[index] != UInt8(ascii: "."), bytes[index] != UInt8(ascii: "[") {
                    guard bytes[index] != UInt8(ascii: "]") else {
                        throw PathError(message: "a \"]\" without \"[\"", offset: index)
                    }
                    index += 1
                }
                guard index > start else { throw PathError(message: "a member's name is missing", offset: index) }
                steps.append(.member(String(decoding: bytes[start..<index], as: UTF8.self)))
                expectsName = false
            } else if bytes[index] == UInt8(ascii: ".") {
                index += 1
                expectsName = true
            } else {
                throw PathError(message: "a \".\" is missing behind \"]\"", offset: index)
            }
        }
        self.steps = steps
    }

    /// `[digits]`; `index` is at the opening bracket, and then behind the closing one.
    private static func listIndex(_ bytes: [UInt8], _ index: inout Int) throws(PathError) -> Int {
        let start = index
        index += 1
        var value = 0
        while index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") {
            value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            guard value <= maximumIndex else {
                throw PathError(message: "an index above \(maximumIndex)", offset: start)
            }
            index += 1
        }
        guard index > start + 1, index < bytes.count, bytes[index] == UInt8(ascii: "]") else {
            throw PathError(message: "an index is a number between brackets", offset: start)
        }
        index += 1
        return value
    }

    /// Whether it leads into a list at once: only an answer as a whole can be one.
    var beginsWithIndex: Bool { if case .element = steps.first { true } else { false } }

    /// The largest list index that a path may name.
    public static let maximumIndex = 9_999
}

extension JSONPath: CustomStringConvertible {
    /// The path as it is written.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .member(let name): text += text.isEmpty ? name : ".\(name)"
            case .element(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

/// Why a text is no path.
public struct PathError: Error, Sendable, Hashable {
    /// What is wrong, to be put into a sentence.
    public let message: String
    /// Byte offset into the text.
    public let offset: Int
}
