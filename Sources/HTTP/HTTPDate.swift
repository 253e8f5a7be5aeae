public import Bytes

/// The date form of HTTP (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
public enum HTTPDate {
    private static let days: StaticString = "SunMonTueWedThuFriSat"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    /// Appends the date of `seconds` since 1970 (UTC). Times outside the years 1970 to 9999 are moved to the nearest
    /// end.
    public static func append(_ seconds: Int, to buffer: ByteBuffer) {
        let seconds = min(max(seconds, 0), 253_402_300_799)
        let days = seconds / 86_400
        let second = seconds % 86_400
        let (year, month, day) = civil(days)
        append(Self.days, (days + 4) % 7, to: buffer)
        buffer.append(", ")
        append(twoDigits: day, to: buffer)
        buffer.append(" ")
        append(months, month - 1, to: buffer)
        buffer.append(" ")
        append(twoDigits: year / 100, to: buffer)
        append(twoDigits: year % 100, to: buffer)
        buffer.append(" ")
        append(twoDigits: second / 3600, to: buffer)
        buffer.append(":")
        append(twoDigits: second / 60 % 60, to: buffer)
        buffer.append(":")
        append(twoDigits: second % 60, to: buffer)
        buffer.append(" GMT")
    }

    /// Year, month and day of the Gregorian calendar, `days` after 1970-01-01. Counts in eras of 400 years that begin
    /// in March, so that the leap day is the last of its year.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ names: StaticString, _ index: Int, to buffer: ByteBuffer) {
        for offset in 0..<3 { buffer.append(unsafe names.utf8Start[index * 3 + offset]) }
    }

    private static func append(twoDigits number: Int, to buffer: ByteBuffer) {
        buffer.append(UInt8(ascii: "0") + UInt8(number / 10))
        buffer.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
