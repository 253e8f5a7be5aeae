internal import Bytes

extension HTTPDate {
    /// Reads a date in any of the three forms that a recipient must take (RFC 9110 §5.6.7): IMF-fixdate
    /// (`Sun, 06 Nov 1994 08:49:37 GMT`), RFC 850 (`Sunday, 06-Nov-94 08:49:37 GMT`) and asctime
    /// (`Sun Nov  6 08:49:37 1994`). The day's name isn't checked; a year of two digits lies in 1970 to 2069.
    /// - Returns: seconds since 1970 (UTC), which may be negative; nil where it is no date.
    public static func parse(_ value: RawSpan) -> Int? {
        guard value.byteCount <= 40 else { return nil }
        var reader = Reader(value)
        let nameLength = reader.skipLetters()
        guard nameLength >= 3 else { return nil }
        var year: Int?
        var month: Int?
        var day: Int?
        var time: Int?
        if reader.skip(",") {
            guard reader.skip(" ") else { return nil }
            day = reader.digits(2)
            let separator: Unicode.Scalar = nameLength == 3 ? " " : "-"
            guard reader.skip(separator) else { return nil }
            month = reader.month()
            guard reader.skip(separator) else { return nil }
            year = nameLength == 3 ? reader.digits(4) : reader.digits(2).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
            guard reader.skip(" ") else { return nil }
            time = reader.time()
            for letter in " GMT".unicodeScalars { guard reader.skip(letter) else { return nil } }
        } else {
            guard nameLength == 3, reader.skip(" ") else { return nil }
            month = reader.month()
            guard reader.skip(" ") else { return nil }
            day = reader.skip(" ") ? reader.digits(1) : reader.digits(2)
            guard reader.skip(" ") else { return nil }
            time = reader.time()
            guard reader.skip(" ") else { return nil }
            year = reader.digits(4)
        }
        guard reader.isAtEnd, let year, let month, let day, let time, day >= 1, day <= length(of: month, in: year)
        else { return nil }
        return days(year, month, day) * 86_400 + time
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar: `civil` turned round.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Takes a date's parts off its front.
    private struct Reader {
        private static let months = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

        private let bytes: [UInt8]
        private var offset = 0

        init(_ value: RawSpan) {
            bytes = (0..<value.byteCount).map { value.byte(at: $0) }
        }

        var isAtEnd: Bool { offset == bytes.count }

        private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: scalar) else { return false }
            offset += 1
            return true
        }

        mutating func skipLetters() -> Int {
            let start = offset
            while let byte = next, (byte | 0x20) &- UInt8(ascii: "a") < 26 { offset += 1 }
            return offset - start
        }

        mutating func digits(_ count: Int) -> Int? {
            var number = 0
            for _ in 0..<count {
                guard let digit = next.map({ $0 &- UInt8(ascii: "0") }), digit < 10 else { return nil }
                number = number * 10 + Int(digit)
                offset += 1
            }
            return number
        }

        /// From 1.
        mutating func month() -> Int? {
            guard offset + 3 <= bytes.count else { return nil }
            for month in 0..<12 where (0..<3).allSatisfy({ bytes[offset + $0] == Self.months[month * 3 + $0] }) {
                offset += 3
                return month + 1
            }
            return nil
        }

        /// Seconds of the day; a leap second counts as the one before it.
        mutating func time() -> Int? {
            guard let hour = digits(2), hour < 24, skip(":"), let minute = digits(2), minute < 60, skip(":"),
                let second = digits(2), second <= 60
            else { return nil }
            return hour * 3600 + minute * 60 + min(second, 59)
        }
    }
}
