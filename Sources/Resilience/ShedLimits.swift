/// How much a request matters while not all can be served.
public enum Priority: Int, Hashable, Sendable, CaseIterable {
    /// Refused last.
    case high
    /// What a request has that nothing is said of.
    case normal
    /// Refused first.
    case low

    /// The priority of an urgency of RFC 9218 §4.1: 0 to 2 are high, 3, the default, is normal, 4 to 7 are low.
    public init(urgency: Int) {
        self = urgency < 3 ? .high : urgency == 3 ? .normal : .low
    }
}

/// How many requests may be served at once, by their priority.
///
/// Requests of low priority leave the last fifth to the others. Those of normal priority leave the last twentieth to
/// those of high priority, where there are such; else they may use it all.
public struct ShedLimits: Hashable, Sendable {
    /// Requests at once; 0 = no limit.
    public let maximum: Int
    private let normal: Int
    private let low: Int

    /// Limits under `maximum`.
    /// - Parameter reservesForHigh: whether anything is configured to be of high priority.
    public init(maximum: Int, reservesForHigh: Bool) {
        self.maximum = maximum
        normal = reservesForHigh ? Swift.max(maximum * 95 / 100, 1) : maximum
        low = Swift.max(maximum * 80 / 100, 1)
    }

    /// Whether there is a limit at all.
    @inlinable public var isOn: Bool { maximum > 0 }

    /// Requests at once, of any priority, up to which one of `priority` is served.
    public func limit(_ priority: Priority) -> Int {
        switch priority {
        case .high: maximum
        case .normal: normal
        case .low: low
        }
    }

    /// Whether so many requests at once are too many to take the gateway for relieved: 90 % or more of `maximum`.
    public func isCrowded(_ count: Int) -> Bool { count * 10 >= maximum * 9 }
}
