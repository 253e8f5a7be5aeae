internal import Bytes

/// What a REST door is called: `GET /api/v1/users/{id}`, `ANY /legacy/{path...}`.
///
/// Matching is on the raw path. A literal segment also matches its percent-encoded spelling; what a variable takes is
/// given as a range of the raw path, still encoded.
public struct DoorPattern: Equatable, Sendable {
    /// A segment of the path.
    public enum Segment: Equatable, Sendable {
        /// Exactly these bytes, once decoded.
        case literal([UInt8])
        /// One segment that isn't empty.
        case variable(String)
        /// All that is left, slashes included, be it nothing; always last.
        case rest(String)
    }

    /// The method; nil for `ANY`.
    public let method: Method?
    /// The path's segments.
    public let segments: [Segment]

    /// Reads `text`.
    /// - Throws: `TemplateError` for what is no pattern.
    public init(_ text: String) throws(TemplateError) {
        let template = TemplateText(text)
        let (name, pathStart) = try template.method()
        method = name == "ANY" ? nil : Method(name)
        if case .other? = method { throw TemplateError(0, "an unknown method") }
        if method == .connect || method == .trace { throw TemplateError(0, "a method that no door can have") }
        var segments: [Segment] = []
        var index = pathStart
        while index < template.bytes.count {
            let end = template.bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "/")) ?? template.bytes.count
            if case .rest? = segments.last { throw TemplateError(index, "nothing can follow {\u{2026}...}") }
            segments.append(try DoorPattern.segment(template, index + 1..<end))
            index = end
        }
        self.segments = segments
        let names = variableNames
        if Set(names).count < names.count { throw TemplateError(pathStart, "two variables have the same name") }
    }

    private static func segment(_ template: TemplateText, _ range: Range<Int>) throws(TemplateError) -> Segment {
        let bytes = template.bytes
        guard !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "{") else {
            for index in range where !TemplateText.isLiteral(bytes[index]) || bytes[index] == UInt8(ascii: "?") {
                throw TemplateError(
                    index,
                    bytes[index] == UInt8(ascii: "{")
                        ? "a variable is a whole segment" : "a character that can't stand in a path")
            }
            let raw = Array(bytes[range])
            let decoded = ByteBuffer(capacity: raw.count)
            guard unsafe PercentCoding.appendDecoded(raw.span.bytes, to: decoded) else {
                throw TemplateError(range.lowerBound, "a broken percent-encoding")
            }
            return .literal(unsafe decoded.withUnsafeBytes { unsafe Array($0) })
        }
        let (name, end) = try template.name(from: range.lowerBound + 1)
        let tail = template.text(end..<range.upperBound)
        if tail == "}" { return .variable(name) }
        if tail == "...}" { return .rest(name) }
        throw TemplateError(end, tail.contains("}") ? "a variable is a whole segment" : "\"}\" is missing")
    }

    /// The names of its variables, in order.
    public var variableNames: [String] {
        segments.compactMap {
            switch $0 {
            case .literal: nil
            case .variable(let name), .rest(let name): name
            }
        }
    }

    /// Whether `path` (raw, without the query) is this door's.
    /// - Parameter captures: receives the range of `path` that each variable took, in their order; undefined when the
    ///   answer is false.
    public func matches(_ path: RawSpan, captures: inout [Range<Int>]) -> Bool {
        captures.removeAll(keepingCapacity: true)
        var index = 0
        for segment in segments {
            guard index < path.byteCount, path.byte(at: index) == UInt8(ascii: "/") else { return false }
            index += 1
            if case .rest = segment {
                captures.append(index..<path.byteCount)
                return true
            }
            let start = index
            while index < path.byteCount, path.byte(at: index) != UInt8(ascii: "/") { index += 1 }
            if case .literal(let expected) = segment {
                guard DoorPattern.equals(path, start..<index, expected) else { return false }
            } else {
                guard index > start else { return false }
                captures.append(start..<index)
            }
        }
        return index == path.byteCount
    }

    private static func equals(_ path: RawSpan, _ range: Range<Int>, _ expected: [UInt8]) -> Bool {
        var index = range.lowerBound
        for byte in expected {
            guard index < range.upperBound else { return false }
            var actual = path.byte(at: index)
            index += 1
            if actual == UInt8(ascii: "%"), let decoded = PercentCoding.decoded(path, at: index - 1) {
                actual = decoded
                index += 2
            }
            guard actual == byte else { return false }
        }
        return index == range.upperBound
    }

    /// Whether it is to be tried before `other`: at the first segment in which they differ a literal goes before a
    /// variable and a variable before the rest; then a method goes before `ANY`.
    public func isMoreSpecific(than other: DoorPattern) -> Bool {
        for (own, their) in zip(segments, other.segments) where own.rank != their.rank {
            return own.rank < their.rank
        }
        if segments.count != other.segments.count { return segments.count > other.segments.count }
        return method != nil && other.method == nil
    }
}

extension DoorPattern.Segment {
    fileprivate var rank: Int {
        switch self {
        case .literal: 0
        case .variable: 1
        case .rest: 2
        }
    }
}
