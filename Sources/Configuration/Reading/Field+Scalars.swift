extension Field {
    /// A text that is not empty.
    /// - Parameter expected: how to call it, with an example.
    func text(_ expected: String) -> Located<String>? {
        guard case .text(let text) = kind, !text.isEmpty else {
            if case .integer = kind {
                mismatch("\(expected), in quotes where it looks like a number")
            } else {
                mismatch(expected)
            }
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" && $0 != "\n" }) else {
            error("\"\(path)\" must not hold control characters")
            return nil
        }
        return Located(text, at: mark)
    }

    /// `true` or `false`.
    func boolean() -> Bool? {
        if case .boolean(let value) = typedKind { return value }
        let meant: [String: String] = [
            "on": "true", "yes": "true", "True": "true", "TRUE": "true", "off": "false", "no": "false",
            "False": "false", "FALSE": "false",
        ]
        mismatch("true or false", suggestion: scalarText.flatMap { meant[$0] })
        return nil
    }

    /// An integer within bounds.
    func integer(_ range: ClosedRange<Int>) -> Int? {
        let bounds =
            range.upperBound == .max
            ? "a whole number from \(range.lowerBound) on"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard case .integer(let value) = typedKind, range.contains(value) else {
            mismatch(bounds)
            return nil
        }
        return value
    }

    /// A count: 1 or more. A million is more than anything here can mean.
    func count(from least: Int = 1) -> Int? { integer(least...1_000_000) }

    /// A number over 0 and up to 1.
    func ratio() -> Double? {
        let value: Double? =
            switch typedKind {
            case .integer(let value): Double(value)
            case .number(_, let value): value
            default: nil
            }
        guard let value, value > 0, value <= 1 else {
            mismatch("a number over 0 and up to 1 such as 0.65")
            return nil
        }
        return value
    }

    /// `20%` as 0.2.
    func percentage() -> Double? {
        guard case .text(let text) = kind, text.utf8.last == UInt8(ascii: "%"),
            let parts = UnitNumber(text), parts.unit == "%", parts.value <= 100
        else {
            mismatch("a percentage from 0% to 100% such as 20%")
            return nil
        }
        return parts.value / 100
    }

    /// `250ms`, `5s`, `2m`, `1h`; at most a year.
    func duration(allowsZero: Bool = false) -> TimeSpan? {
        let units = ["ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9]
        var suggestion: String?
        // Who leaves the unit out means seconds with a small number and milliseconds with a large one.
        if case .integer(let value) = kind, value > 0 { suggestion = value < 100 ? "\(value)s" : "\(value)ms" }
        if case .text(let text) = kind, let parts = UnitNumber(text) {
            if let unit = units[parts.unit], parts.value * unit <= 8760 * 3600e9 {
                let span = TimeSpan(nanoseconds: UInt64((parts.value * unit).rounded()))
                if span.nanoseconds > 0 || allowsZero { return span }
            }
            let meant = ["sec": "s", "secs": "s", "seconds": "s", "S": "s", "min": "m", "mins": "m", "msec": "ms"]
            suggestion = meant[parts.unit].map { parts.digits + $0 }
        }
        let bound = allowsZero ? "" : " over 0"
        mismatch("a duration\(bound) such as 250ms, 5s, 2m or 1h", suggestion: suggestion)
        return nil
    }

    /// A duration and its place.
    func locatedDuration() -> Located<TimeSpan>? { duration().map { Located($0, at: mark) } }

    /// `512B`, `64KiB`, `2MiB`, `1GiB`, over 0, in bytes; at most 1 TiB. Where nothing is allowed too, that is `0`.
    func size(allowsZero: Bool = false) -> Int? {
        if allowsZero, case .integer(0) = typedKind { return 0 }
        let units = ["B": 1.0, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824]
        var suggestion: String?
        if case .integer(let value) = kind, value > 0 { suggestion = "\(value)B" }
        if case .text(let text) = kind, let parts = UnitNumber(text) {
            if let unit = units[parts.unit], parts.value * unit >= 1, parts.value * unit <= 1_099_511_627_776 {
                return Int((parts.value * unit).rounded())
            }
            let meant = ["k": "KiB", "kb": "KiB", "kib": "KiB", "m": "MiB", "mb": "MiB", "mib": "MiB", "g": "GiB"]
            let more = ["gb": "GiB", "gib": "GiB", "b": "B"]
            let unit = parts.unit.lowercased()
            if units[parts.unit] == nil { suggestion = (meant[unit] ?? more[unit]).map { parts.digits + $0 } }
        }
        mismatch("a size such as 512B, 64KiB or 2MiB", suggestion: suggestion)
        return nil
    }

    /// One of a few words.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        if case .text(let text) = kind, let choice = Choice(rawValue: text) { return choice }
        let last = words.last ?? ""
        mismatch(
            words.count > 1 ? "\(words.dropLast().joined(separator: ", ")) or \(last)" : last,
            suggestion: scalarText.flatMap { Suggestion.nearest(to: $0, among: words) })
        return nil
    }
}

/// A number and the unit after it: `1.5s`.
struct UnitNumber {
    var value: Double
    var digits: String
    var unit: String

    /// Nil where the text isn't digits, perhaps with a point between them, and then a unit.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        let number = bytes.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
        guard number.count <= 20, number.first.map(isDigit) == true, number.last.map(isDigit) == true,
            let value = Double(String(decoding: number, as: UTF8.self)), number.count < bytes.count
        else { return nil }
        self.value = value
        digits = String(decoding: number, as: UTF8.self)
        unit = String(decoding: bytes[number.count...], as: UTF8.self)
    }
}
