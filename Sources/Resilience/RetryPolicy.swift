/// Whether and when a failed try is followed by another one.
public struct RetryPolicy: Hashable, Sendable {
    /// Tries of one call, the first included; 1 = no retry.
    public var attempts: Int
    /// What is worth another try.
    public var failures: FailureSet
    /// How long to wait before it.
    public var backoff: Backoff

    /// A policy; the defaults are those of a `retry` block.
    public init(
        attempts: Int = 2,
        failures: FailureSet = FailureSet(classes: [.connect, .reset, .timeout], statuses: [502, 503, 504]),
        backoff: Backoff = Backoff()
    ) {
        self.attempts = attempts
        self.failures = failures
        self.backoff = backoff
    }

    /// What to do after a failed try.
    public enum Verdict: Hashable, Sendable {
        /// Try again after that many nanoseconds.
        case retry(afterNanoseconds: UInt64)
        /// The call has failed.
        case giveUp(Reason)
    }

    /// Why a failed try is the last.
    public enum Reason: Hashable, Sendable {
        /// The failure isn't in `failures`.
        case notRetryable
        /// Sending the request twice could do its work twice.
        case notRepeatable
        /// `attempts` are used up.
        case attempts
        /// The wait would leave no time for another try.
        case deadline
        /// The upstream's budget is spent.
        case budget
    }

    /// A failed try, as `nextTry` judges it.
    public struct FailedTry: Hashable, Sendable {
        /// How it failed.
        public var failure: TryFailure
        /// Tries made so far, this one included.
        public var tries: Int
        /// Whether the request may be sent again: an idempotent method, a route declared so, or nothing was sent.
        public var isRepeatable: Bool
        /// The wait that the answer's `Retry-After` asks for, in nanoseconds.
        public var retryAfter: UInt64?

        /// A failed try; `retryAfter` in nanoseconds.
        public init(_ failure: TryFailure, tries: Int, isRepeatable: Bool, retryAfter: UInt64? = nil) {
            self.failure = failure
            self.tries = tries
            self.isRepeatable = isRepeatable
            self.retryAfter = retryAfter
        }
    }

    /// The least time that a try must have left to be worth starting, in nanoseconds.
    public static let leastTry: UInt64 = 1_000_000

    /// Decides what follows `failed` at `now`. A retry is taken from `budget` only when everything else allows it.
    ///
    /// A `Retry-After` longer than the backoff replaces it. One that doesn't fit into the deadline ends the call: an
    /// earlier try is one that the upstream has announced to refuse.
    public func nextTry(
        after failed: FailedTry, now: UInt64, deadline: Deadline, budget: inout RetryBudget,
        using random: inout some RandomNumberGenerator
    ) -> Verdict {
        guard failures.contains(failed.failure) else { return .giveUp(.notRetryable) }
        guard failed.isRepeatable else { return .giveUp(.notRepeatable) }
        guard failed.tries < attempts else { return .giveUp(.attempts) }
        let delay = max(backoff.delay(retry: failed.tries, using: &random), failed.retryAfter ?? 0)
        let (needed, overflow) = delay.addingReportingOverflow(Self.leastTry)
        guard !overflow, needed <= deadline.remaining(now: now) else { return .giveUp(.deadline) }
        guard budget.takeRetry(now: now) else { return .giveUp(.budget) }
        return .retry(afterNanoseconds: delay)
    }
}
