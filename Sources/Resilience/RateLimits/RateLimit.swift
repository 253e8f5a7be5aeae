/// So many requests in a period, and how many at once: a token bucket, kept as the one number of the generic cell rate
/// algorithm (ITU-T I.371, annex A).
///
/// A bucket holds `burst` tokens and gets `count` in each `period`, evenly. Instead of the tokens and a time, it is
/// known by when it will be full: that lies one `interval` further ahead for each token taken. A bucket that is full is
/// the same as none, so those that nobody uses can be forgotten.
///
/// A value without clock or lock: times are nanoseconds of one monotonic clock, and the owner serialises the calls.
public struct RateLimit: Hashable, Sendable {
    /// Tokens that come in each period: 1 to a million.
    public let count: Int
    /// Nanoseconds: at most an hour.
    public let period: UInt64
    /// Tokens that a full bucket holds: 1 to a million.
    public let burst: Int
    /// Nanoseconds from one token to the next, rounded up, so that never more come than `count` says.
    public let interval: UInt64

    /// A limit; what is out of bounds is brought within.
    public init(count: Int, period: UInt64, burst: Int) {
        self.count = min(max(count, 1), 1_000_000)
        self.period = min(max(period, 1_000_000_000), 3_600_000_000_000)
        self.burst = min(max(burst, 1), 1_000_000)
        interval = (self.period + UInt64(self.count) - 1) / UInt64(self.count)
    }

    /// Nanoseconds in which an empty bucket gets full.
    public var capacity: UInt64 { UInt64(burst) * interval }

    /// Tokens that a request of this weight takes: at least one, and at most a full bucket, since what is heavier would
    /// never pass.
    public func tokens(for weight: Int) -> Int { min(max(weight, 1), burst) }

    /// What is said of one request.
    public struct Verdict: Hashable, Sendable {
        /// Whether it may pass, and its tokens were taken.
        public let isAllowed: Bool
        /// Tokens that are left.
        public let remaining: Int
        /// Nanoseconds: of one that passes, until the bucket is full again; of another, until it would pass.
        public let wait: UInt64
    }

    /// Takes tokens of a bucket if there are as many.
    /// - Parameter fullAt: when the bucket is full; anything up to `now` is a full one.
    public func take(_ tokens: Int, from fullAt: inout UInt64, now: UInt64) -> Verdict {
        let missing = fullAt > now ? fullAt - now : 0
        let after = missing + UInt64(tokens) * interval
        guard after <= capacity else { return verdict(tokens, isAllowed: false, missing: missing) }
        fullAt = now + after
        return verdict(tokens, isAllowed: true, missing: after)
    }

    /// The verdict on a request, where somebody else keeps the bucket.
    /// - Parameter missing: nanoseconds until the bucket is full, with the request's tokens taken where it passes.
    public func verdict(_ tokens: Int, isAllowed: Bool, missing: UInt64) -> Verdict {
        let left = capacity > missing ? capacity - missing : 0
        let wanted = UInt64(tokens) * interval
        return Verdict(
            isAllowed: isAllowed, remaining: Int(left / interval),
            wait: isAllowed ? missing : wanted > left ? wanted - left : 0)
    }
}
