/// Bounds the retries of one upstream to a share of its calls, so that a failing upstream isn't buried in tries.
///
/// At every retry that it grants, the retries of the last ten seconds (this one with them) are at most `share` of the
/// calls of the last ten seconds, or at most 3. Fewer than 3 are never refused. A value without clock or lock: times
/// are nanoseconds of one monotonic clock.
public struct RetryBudget: Sendable {
    /// Nanoseconds that calls and retries count for.
    public static let window: UInt64 = 10_000_000_000
    /// Retries within the window that are granted whatever the share says.
    public static let floor = 3
    private static let slotWidth = window / 20

    /// Retries allowed for each call, 0 to 1.
    public let share: Double
    // Slots make a window a little too long or too short. Calls are counted over at most the window and retries over
    // at least the window, so that the error is always on the side of fewer retries.
    private var calls = SlidingCount<20>(slotWidth: slotWidth)
    private var retries = SlidingCount<21>(slotWidth: slotWidth)
    /// When the latest three retries were granted, oldest first: the floor is kept to the nanosecond.
    private var latest: (UInt64?, UInt64?, UInt64?) = (nil, nil, nil)

    /// A budget in which nothing was called yet.
    /// - Parameter share: retries allowed for each call; 20 % is 0.2.
    public init(share: Double = 0.2) {
        self.share = min(max(share, 0), 1)
    }

    /// Counts a call (not a try) that starts at `now`.
    public mutating func recordCall(now: UInt64) {
        calls.add(at: now)
    }

    /// Takes one retry at `now`, if there is one to take.
    public mutating func takeRetry(now: UInt64) -> Bool {
        let allowed = Int(share * Double(calls.total(at: now)) + 1e-9)
        guard isBelowFloor(now: now) || retries.total(at: now) < allowed else { return false }
        retries.add(at: now)
        latest = (latest.1, latest.2, now)
        return true
    }

    /// Retries that would be granted at `now`, one after the other.
    public mutating func left(now: UInt64) -> Int {
        let allowed = Int(share * Double(calls.total(at: now)) + 1e-9) - retries.total(at: now)
        let recent = [latest.0, latest.1, latest.2].count { latest in
            latest.map { now <= $0 || now - $0 < Self.window } ?? false
        }
        return max(allowed, Self.floor - recent)
    }

    private func isBelowFloor(now: UInt64) -> Bool {
        guard let third = latest.0 else { return true }
        return now > third && now - third >= Self.window
    }
}
