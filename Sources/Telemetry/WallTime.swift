internal import Bytes
internal import Glibc

/// A point in civil time, for log lines: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since the epoch.
    public let nanoseconds: UInt64

    /// The point `nanoseconds` after the epoch.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The machine's civil time. Any thread.
    public static var now: WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec))
    }

    /// Whether `left` is before `right`.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time in RFC 3339 form, UTC, with milliseconds: `2026-02-03T04:05:06.789Z`.
    public var text: String {
        let bytes = ByteBuffer(capacity: 32)
        append(to: bytes)
        return bytes.string
    }

    /// Appends what `text` gives.
    func append(to bytes: ByteBuffer) {
        appendSecond(to: bytes)
        appendMilliseconds(to: bytes)
    }

    /// The whole seconds since the epoch.
    var second: UInt64 { nanoseconds / 1_000_000_000 }

    /// Appends all of `text` that is the same for a second.
    func appendSecond(to bytes: ByteBuffer) {
        let date = WallTime.civilDate(days: second / 86_400)
        let second = UInt(second % 86_400)
        bytes.append(decimal: UInt(date.year), width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(decimal: UInt(date.month), width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(decimal: UInt(date.day), width: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(decimal: second / 3600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: second / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(decimal: second % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
    }

    /// Appends the rest of it.
    func appendMilliseconds(to bytes: ByteBuffer) {
        bytes.append(decimal: UInt(nanoseconds / 1_000_000 % 1000), width: 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day is a year's last, and in whole eras of 400 years, after which
    /// the calendar repeats.
    static func civilDate(days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        // 1970-01-01 is 719,468 days after 0000-03-01; an era has 146,097 days, a century of it 36,524, four years of
        // that 1,461.
        let sinceMarchOfYear0 = days + 719_468
        let era = sinceMarchOfYear0 / 146_097
        let dayOfEra = sinceMarchOfYear0 % 146_097
        let century = min(dayOfEra / 36_524, 3)
        let dayOfCentury = dayOfEra - century * 36_524
        let leapCycle = dayOfCentury / 1_461
        let dayOfCycle = dayOfCentury % 1_461
        let yearOfCycle = min(dayOfCycle / 365, 3)
        let dayOfYear = dayOfCycle - yearOfCycle * 365
        // From March on the month lengths repeat 31 30 31 30 31: five months have 153 days.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + century * 100 + leapCycle * 4 + yearOfCycle + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }
}

/// Writes times that mostly come one after the other: what is the same for a second is put together once. Confined to
/// its owner's thread.
public final class TimeText {
    private var second = UInt64.max
    private let text = ByteBuffer(capacity: 32)

    /// One that has written nothing yet.
    public init() {}

    /// Appends the text of `time`.
    func append(_ time: WallTime, to bytes: ByteBuffer) {
        if time.second != second {
            second = time.second
            text.clear()
            time.appendSecond(to: text)
        }
        bytes.append(text)
        time.appendMilliseconds(to: bytes)
    }
}
