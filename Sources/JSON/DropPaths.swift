/// Which members and elements of a JSON text are left out: paths such as `avatar.large`, `history[*].debug`, `items[0]`
/// or `[*].id`, merged into one trie. Immutable.
public struct DropPaths: Sendable {
    /// What is left out at and below one place.
    final class Node: Sendable {
        let isDropped: Bool
        let members: [(name: [UInt8], node: Node)]
        let elements: [Int: Node]
        let everyElement: Node?

        init(_ paths: [ArraySlice<Step>]) {
            isDropped = paths.contains { $0.isEmpty }
            var names: [[UInt8]] = []
            var below: [Step: [ArraySlice<Step>]] = [:]
            for path in paths {
                guard let first = path.first else { continue }
                if case .member(let name) = first, below[first] == nil { names.append(name) }
                below[first, default: []].append(path.dropFirst())
            }
            members = names.map { ($0, Node(below[.member($0)] ?? [])) }
            everyElement = below[.everyElement].map { Node($0) }
            var elements: [Int: Node] = [:]
            for case (.element(let index), let paths) in below { elements[index] = Node(paths) }
            self.elements = elements
        }
    }

    enum Step: Hashable {
        case member([UInt8])
        case element(Int)
        case everyElement
    }

    let root: Node

    /// Merges paths. At most 64 steps each.
    public init(_ paths: [String]) throws(DropPathError) {
        var parsed: [ArraySlice<Step>] = []
        for path in paths { parsed.append(try Self.steps(of: path)[...]) }
        root = Node(parsed)
    }

    private static func steps(of path: String) throws(DropPathError) -> [Step] {
        let bytes = Array(path.utf8)
        var steps: [Step] = []
        var index = 0
        repeat {
            if index < bytes.count, bytes[index] == Byte.openBracket {
                steps.append(try bracket(bytes, &index, path))
            } else {
                if !steps.isEmpty {
                    guard bytes[index] == Byte.point else {
                        throw DropPathError(path: path, offset: index, message: "a \".\" is missing behind \"]\"")
                    }
                    index += 1
                }
                let start = index
                while index < bytes.count, bytes[index] != Byte.point, bytes[index] != Byte.openBracket { index += 1 }
                guard index > start else {
                    throw DropPathError(path: path, offset: index, message: "a member's name is missing")
                }
                steps.append(.member(Array(bytes[start..<index])))
            }
            guard steps.count <= 64 else {
                throw DropPathError(path: path, offset: index, message: "more than 64 steps")
            }
        } while index < bytes.count
        return steps
    }

    /// `[n]` or `[*]`; `index` is at the opening bracket, and then behind the closing one.
    private static func bracket(
        _ bytes: [UInt8], _ index: inout Int, _ path: String
    ) throws(DropPathError) -> Step {
        let start = index
        guard let end = bytes[start...].firstIndex(of: Byte.closeBracket) else {
            throw DropPathError(path: path, offset: start, message: "\"]\" is missing")
        }
        let inner = String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
        index = end + 1
        if inner == "*" { return .everyElement }
        guard let number = UInt32(inner), inner.utf8.first != Byte.plus else {
            throw DropPathError(path: path, offset: start + 1, message: "a number or \"*\" stands between brackets")
        }
        return .element(Int(number))
    }
}

/// Why a text is no path of what to leave out.
public struct DropPathError: Error, Sendable, Hashable {
    /// The text.
    public let path: String
    /// Byte offset into it.
    public let offset: Int
    /// What is wrong, to be put into a sentence.
    public let message: String
}
