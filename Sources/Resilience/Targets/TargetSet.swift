/// The targets of an upstream: which of them are usable, and which of those the next call goes to.
///
/// Targets are known by their index. Those of group 0 are for everybody; the others are canaries, for requests that
/// prefer their group. A value without lock; times are nanoseconds of one monotonic clock.
public struct TargetSet: Sendable {
    /// How the next target is chosen.
    public enum Balance: Hashable, Sendable {
        /// In turn, by weight.
        case roundRobin
        /// The one with fewer requests of two drawn at random.
        case leastRequests
        /// The one that the request's key belongs to; in turn where it has none.
        case hash
    }

    /// How an upstream's targets are used.
    public struct Settings: Hashable, Sendable {
        /// How the next one is chosen.
        public var balance: Balance
        /// nil = no target is checked.
        public var health: HealthState.Settings?
        /// nil = none is ejected.
        public var ejection: OutlierEjection.Settings?
        /// Nanoseconds in which a target that comes back gets its whole load; 0 = at once.
        public var slowStart: UInt64

        /// Settings; by themselves only taking turns.
        public init(
            balance: Balance = .roundRobin, health: HealthState.Settings? = nil,
            ejection: OutlierEjection.Settings? = nil, slowStart: UInt64 = 0
        ) {
            self.balance = balance
            self.health = health
            self.ejection = ejection
            self.slowStart = slowStart
        }
    }

    /// What is known of a target beforehand.
    public struct Member: Hashable, Sendable {
        /// Its share of the calls, from 1 to a million.
        public var weight: Int
        /// 0 = for everybody; else the canaries that it belongs to.
        public var group: Int
        /// What keys are hashed with: the same wherever the target is named.
        public var identity: UInt64

        /// A target.
        public init(weight: Int = 1, group: Int = 0, identity: UInt64) {
            self.weight = min(max(weight, 1), 1_000_000)
            self.group = group
            self.identity = identity
        }
    }

    /// What operators see of a target.
    public enum State: String, Sendable {
        case up, down, ejected
    }

    /// How a try ended, as far as its target is to blame.
    public enum Outcome: Sendable {
        /// It answered.
        case success
        /// Connect, reset, timeout or a 5xx.
        case failure
        /// It says nothing: nobody waited for the answer any more.
        case neutral
    }

    struct Target: Sendable {
        var member: Member
        var health = HealthState()
        var ejection = OutlierEjection()
        /// When it came up again, or was added to others; 0 = it was there from the start.
        var upSince: UInt64 = 0
        var inFlight = 0

        func isUsable(now: UInt64) -> Bool { health.isUp && !ejection.isEjected(now: now) }

        /// Its weight in thousandths; only a moment after it came back less than all of it.
        func weight(_ slowStart: UInt64, now: UInt64) -> Int {
            let since = max(upSince, ejection.until)
            guard since > 0, slowStart > 0, now >= since else { return member.weight * 1000 }
            return Int(Double(member.weight * 1000) * SlowStart.share(elapsed: now - since, duration: slowStart))
        }
    }

    let settings: Settings
    private(set) var targets: [Target]
    var rotation: TargetRotation

    /// Targets that are all up.
    public init(_ members: [Member], _ settings: Settings) {
        self.settings = settings
        targets = members.map { Target(member: $0) }
        rotation = TargetRotation(count: members.count)
    }

    /// Targets in place of others.
    /// - Parameters:
    ///   - earlier: the set that this one follows.
    ///   - origin: for each member the index that it had there, from where it takes what is known of it; nil for a
    ///     new one, which starts slowly beside the others.
    ///   - keepsRequests: whether the requests under way there end here.
    public init(
        _ members: [Member], _ settings: Settings, after earlier: TargetSet, origin: [Int?], keepsRequests: Bool,
        now: UInt64
    ) {
        self.init(members, settings)
        for (index, origin) in origin.enumerated() {
            if let origin {
                targets[index] = earlier.targets[origin]
                targets[index].member = members[index]
                if !keepsRequests { targets[index].inFlight = 0 }
            } else {
                targets[index].upSince = now
            }
        }
        // What isn't watched any more must not stay out for ever.
        for index in targets.indices {
            if settings.health == nil { targets[index].health = HealthState() }
            if settings.ejection == nil { targets[index].ejection = OutlierEjection() }
        }
    }

    /// How many there are.
    public var count: Int { targets.count }

    /// The state of the target with this index.
    public func state(of index: Int, now: UInt64) -> State {
        if !targets[index].health.isUp { return .down }
        return targets[index].ejection.isEjected(now: now) ? .ejected : .up
    }

    /// Requests under way at the target with this index.
    public func inFlight(_ index: Int) -> Int { targets[index].inFlight }

    /// Whether none of the targets for everybody is usable, so that all are used.
    public func isPanicking(now: UInt64) -> Bool {
        !targets.contains { $0.member.group == 0 && $0.isUsable(now: now) }
    }

    // MARK: What becomes known

    /// A try at the target with this index has begun.
    public mutating func begin(_ index: Int) { targets[index].inFlight += 1 }

    /// A try at the target with this index has ended.
    /// - Returns: whether the target was ejected for it.
    public mutating func end(_ index: Int, _ outcome: Outcome, now: UInt64) -> Bool {
        targets[index].inFlight = max(targets[index].inFlight - 1, 0)
        guard let ejection = settings.ejection, outcome != .neutral else { return false }
        var state = targets[index].ejection
        let isEjected = state.record(
            failed: outcome == .failure, mayEject: { ejected(now: now) < ejection.most(of: count) }, ejection, now: now)
        targets[index].ejection = state
        return isEjected
    }

    private func ejected(now: UInt64) -> Int {
        targets.count { $0.ejection.isEjected(now: now) }
    }

    /// A health check of the target with this index has ended.
    /// - Returns: whether the target went up or down by it.
    public mutating func check(_ index: Int, passed: Bool, now: UInt64) -> Bool {
        guard let health = settings.health, targets[index].health.record(passed: passed, health) else { return false }
        if passed { targets[index].upSince = now }
        return true
    }
}
