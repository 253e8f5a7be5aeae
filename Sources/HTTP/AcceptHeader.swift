internal import Bytes

/// What a request's Accept lines say of a media type (RFC 9110 §12.5.1).
public enum AcceptHeader {
    /// How much a type is wanted.
    public struct Preference: Equatable, Sendable {
        /// The weight in thousandths, 0 (not acceptable) to 1000.
        public let quality: Int
        /// How exactly the range names it: 0 `*/*`, 1 `type/*`, 2 `type/subtype`, 3 with parameters besides.
        public let precision: Int
    }

    /// The preference for `type` by the most exact range that covers it; nil where none does.
    /// - Parameter type: `type/subtype` in lower case.
    public static func preference(for type: StaticString, in fields: FieldList) -> Preference? {
        var best: Preference?
        fields.forEachMember(of: .accept) { range in
            if let found = preference(for: type, range: range), found.precision >= best?.precision ?? 0 {
                best = found
            }
            return true
        }
        return best
    }

    /// The index of the best of `types` (`type/subtype` in lower case): by weight, then by how exactly it is named,
    /// then the earlier. The first one where there is no Accept line; nil where none is acceptable.
    public static func best(of types: [StaticString], in fields: FieldList) -> Int? {
        guard fields.contains(.accept) else { return types.isEmpty ? nil : 0 }
        var best: (index: Int, preference: Preference)?
        for (index, type) in types.enumerated() {
            guard let found = preference(for: type, in: fields), found.quality > 0 else { continue }
            if let best, (found.quality, found.precision) <= (best.preference.quality, best.preference.precision) {
                continue
            }
            best = (index, found)
        }
        return best?.index
    }

    private static func preference(for type: StaticString, range: RawSpan) -> Preference? {
        let essence = MediaType.essence(of: range)
        guard var precision = precision(of: range.extracting(essence), for: type) else { return nil }
        var quality = 1000
        var index = essence.upperBound
        while let parameter = MediaType.nextParameter(range, &index) {
            if range.extracting(parameter.name).equalsIgnoringCase("q") {
                quality = weight(range.extracting(parameter.value))
                break
            }
            if precision == 2 { precision = 3 }
        }
        return Preference(quality: quality, precision: precision)
    }

    private static func precision(of range: RawSpan, for type: StaticString) -> Int? {
        if range.equals("*/*") { return 0 }
        if range.equalsIgnoringCase(type) { return 2 }
        let count = range.byteCount
        guard count >= 3, range.byte(at: count - 1) == UInt8(ascii: "*"),
            range.byte(at: count - 2) == UInt8(ascii: "/"), type.utf8CodeUnitCount >= count
        else { return nil }
        let whole = unsafe UnsafeRawBufferPointer(start: type.utf8Start, count: count - 1)
        let prefix = unsafe RawSpan(_unsafeBytes: whole)
        return range.extracting(0..<count - 1).equalsIgnoringCase(prefix) ? 1 : nil
    }

    /// `0.8` as 800; what is no weight (RFC 9110 §12.4.2) counts as 0, so that a broken range is never preferred.
    private static func weight(_ text: RawSpan) -> Int {
        guard text.byteCount > 0, text.byteCount <= 5 else { return 0 }
        var weight = 0
        var scale = 1000
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            if index == 1 {
                guard byte == UInt8(ascii: ".") else { return 0 }
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return 0 }
            weight += Int(digit) * scale
            scale /= 10
        }
        return weight <= 1000 ? weight : 0
    }
}
