import Resilience
import Testing

@Suite("Deadline")
struct DeadlineTests {
    @Test(arguments: [
        (UInt64?.some(5 * second), UInt64?.none, 6 * second), (5 * second, 2 * second, 3 * second),
        (5 * second, 9 * second, 6 * second), (nil, 2 * second, 3 * second), (nil, nil, UInt64.max),
        (nil, .max, UInt64.max),
    ])
    func `the smaller of both timeouts counts from the arrival`(own: UInt64?, client: UInt64?, expected: UInt64) {
        #expect(Deadline(receivedAt: second, timeout: own, clientTimeout: client).nanoseconds == expected)
    }

    @Test func `a try gets its timeout or what is left`() {
        let deadline = Deadline(nanoseconds: 5 * second)
        let whole = deadline.tryLimit(timeout: nil, now: second)
        #expect(whole.nanoseconds == 5 * second && whole.isWholeDeadline)
        let own = deadline.tryLimit(timeout: second, now: second)
        #expect(own.nanoseconds == 2 * second && !own.isWholeDeadline)
        let cut = deadline.tryLimit(timeout: 5 * second, now: second)
        #expect(cut.nanoseconds == 5 * second && cut.isWholeDeadline)
        #expect(deadline.tryLimit(timeout: .max, now: second).isWholeDeadline)
    }

    @Test func `what is left never goes below nothing`() {
        let deadline = Deadline(nanoseconds: second)
        #expect(deadline.remaining(now: 400 * millisecond) == 600 * millisecond)
        #expect(deadline.remainingMilliseconds(now: second - 1) == 0)
        #expect(deadline.remaining(now: 3 * second) == 0)
        #expect(!deadline.isOver(now: second - 1) && deadline.isOver(now: second))
    }

    @Test(arguments: [
        ("250", UInt64?.some(250 * millisecond)), ("1", millisecond), ("007", 7 * millisecond), ("0", nil), ("", nil),
        ("-5", nil), ("+5", nil), ("1.5", nil), ("5s", nil), (" 5", nil), ("99999999999999999999999", .max),
        ("9999999999999999999999x", nil), ("18446744073709551615", .max),
        ("18446744073709", 18_446_744_073_709_000_000),
        ("18446744073710", .max),
    ])
    func `x-request-timeout-ms is read only as a positive integer`(text: String, expected: UInt64?) {
        let bytes = Array(text.utf8)
        let timeout = unsafe Deadline.clientTimeout(bytes.span.bytes)
        #expect(timeout == expected)
    }
}
