internal import HTTP

/// How long one stored answer may be used, and for what. Times are nanoseconds of one monotonic clock; no I/O.
struct EntryFreshness: Hashable, Sendable {
    /// What a stored answer may be used for.
    enum Use: Hashable {
        /// Anything.
        case fresh
        /// To answer at once, while one call refreshes it.
        case whileRevalidated
        /// Nothing, unless the origin says that it hasn't changed, or the call fails (`servesOnError`).
        case stale
    }

    private static let second: UInt64 = 1_000_000_000

    /// When it came.
    let receivedAt: UInt64
    /// How old it was then.
    let initialAge: UInt64
    /// When it is no longer fresh.
    let freshUntil: UInt64
    /// When it is no longer fresh by what route or origin said, which chance doesn't change.
    let nominalEnd: UInt64
    /// When it is no longer served while it is refreshed.
    let revalidateUntil: UInt64
    /// When it no longer stands in for a failed call.
    let errorUntil: UInt64

    /// A freshness that is known.
    init(
        receivedAt: UInt64, initialAge: UInt64, freshUntil: UInt64, nominalEnd: UInt64, revalidateUntil: UInt64,
        errorUntil: UInt64
    ) {
        self.receivedAt = receivedAt
        self.initialAge = initialAge
        self.freshUntil = freshUntil
        self.nominalEnd = nominalEnd
        self.revalidateUntil = revalidateUntil
        self.errorUntil = errorUntil
    }

    /// Works out what an answer's fields and the route's policy come to.
    ///
    /// A route's own `ttl` wins over all that the origin says of freshness, `no-cache` and `must-revalidate` included.
    /// Ends are moved by up to a tenth, so that entries that came together don't leave together: those of a `ttl` either
    /// way, those of an origin only to be earlier.
    /// - Parameters:
    ///   - now: when the answer came.
    ///   - isNegative: whether it is a 404, which has only `negative`.
    ///   - chance: what moves the end: from 0, the earliest, up to 1.
    init(_ response: ResponseFreshness, _ policy: CachePolicy, isNegative: Bool, now: UInt64, chance: Double) {
        receivedAt = now
        initialAge = UInt64(response.initialAge) * Self.second
        let control = response.control
        if isNegative {
            let lifetime = policy.negative ?? 0
            nominalEnd = Self.sum(now, lifetime)
            freshUntil = Self.sum(now, Self.scaled(lifetime, by: 0.9 + 0.2 * chance))
            revalidateUntil = freshUntil
            errorUntil = freshUntil
            return
        }
        if let ttl = policy.ttl {
            nominalEnd = Self.sum(now, ttl)
            freshUntil = Self.sum(now, Self.scaled(ttl, by: 0.9 + 0.2 * chance))
        } else {
            let lifetime = control.isNoCache ? 0 : response.lifetime ?? 0
            let left = UInt64(max(0, lifetime - response.initialAge)) * Self.second
            nominalEnd = Self.sum(now, left)
            freshUntil = Self.sum(now, Self.scaled(left, by: 0.9 + 0.1 * chance))
        }
        let isStrict = policy.ttl == nil && (control.isNoCache || control.mustRevalidate)
        func window(_ own: UInt64?, _ origin: Int?) -> UInt64 {
            isStrict ? 0 : own ?? origin.map { UInt64($0) * Self.second } ?? 0
        }
        revalidateUntil = Self.sum(freshUntil, window(policy.staleWhileRevalidate, control.staleWhileRevalidate))
        errorUntil = Self.sum(freshUntil, window(policy.staleIfError, control.staleIfError))
    }

    /// Whether it is of any use by itself: without a validator nothing else is worth keeping.
    var isUseful: Bool { max(freshUntil, revalidateUntil, errorUntil) > receivedAt }

    /// What it may be used for at `now`.
    func use(at now: UInt64) -> Use {
        if now < freshUntil { return .fresh }
        return now < revalidateUntil ? .whileRevalidated : .stale
    }

    /// Whether it stands in for a call that failed at `now`.
    func servesOnError(at now: UInt64) -> Bool { now < max(freshUntil, errorUntil) }

    /// Its age in whole seconds (RFC 9111 §4.2.3).
    func age(at now: UInt64) -> Int {
        Int(clamping: Self.sum(initialAge, now > receivedAt ? now - receivedAt : 0) / Self.second)
    }

    /// Whole seconds for which it is still fresh, by what was said and by chance.
    func secondsLeft(at now: UInt64) -> Int {
        let end = min(freshUntil, nominalEnd)
        return end > now ? Int(clamping: (end - now) / Self.second) : 0
    }

    private static func sum(_ time: UInt64, _ span: UInt64) -> UInt64 {
        let (sum, overflow) = time.addingReportingOverflow(span)
        return overflow ? .max : sum
    }

    private static func scaled(_ span: UInt64, by factor: Double) -> UInt64 { UInt64(Double(span) * factor) }
}
