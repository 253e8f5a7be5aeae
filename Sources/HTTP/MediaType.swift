internal import Bytes

/// Media types as they stand in Content-Type (RFC 9110 §8.3.1).
public enum MediaType {
    /// Whether `value` is of type `type`, whatever its parameters.
    /// - Parameter type: `type/subtype` in lower case.
    public static func isType(_ value: RawSpan, _ type: StaticString) -> Bool {
        value.extracting(essence(of: value)).equalsIgnoringCase(type)
    }

    /// Where `type/subtype` stands in `value`.
    public static func essence(of value: RawSpan) -> Range<Int> {
        var end = 0
        while end < value.byteCount, value.byte(at: end) != UInt8(ascii: ";") { end += 1 }
        return FieldList.trimmed(value, 0..<end)
    }

    /// Where the value of the parameter `name` stands in `value`, without the quotes around it; nil if there is none.
    /// - Parameter name: in lower case.
    public static func parameter(_ name: StaticString, in value: RawSpan) -> Range<Int>? {
        var index = essence(of: value).upperBound
        while let parameter = nextParameter(value, &index) {
            if value.extracting(parameter.name).equalsIgnoringCase(name) { return parameter.value }
        }
        return nil
    }

    /// The parameter after the next `;` from `index` on, and moves `index` behind it.
    static func nextParameter(_ value: RawSpan, _ index: inout Int) -> (name: Range<Int>, value: Range<Int>)? {
        while index < value.byteCount, value.byte(at: index) != UInt8(ascii: ";") { index += 1 }
        guard index < value.byteCount else { return nil }
        index += 1
        let start = index
        var equals: Int?
        var isQuoted = false
        while index < value.byteCount {
            let byte = value.byte(at: index)
            if byte == UInt8(ascii: ";"), !isQuoted { break }
            if byte == UInt8(ascii: "="), equals == nil { equals = index }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\\"), isQuoted { index += 1 }
            index += 1
        }
        index = min(index, value.byteCount)
        let name = FieldList.trimmed(value, start..<(equals ?? index))
        var range = FieldList.trimmed(value, equals.map { $0 + 1..<index } ?? index..<index)
        if range.count >= 2, value.byte(at: range.lowerBound) == UInt8(ascii: "\""),
            value.byte(at: range.upperBound - 1) == UInt8(ascii: "\"")
        {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        return (name, range)
    }
}
