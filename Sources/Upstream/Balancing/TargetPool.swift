internal import Dispatch
internal import EventLoop
internal import Resilience
internal import Synchronization
internal import Telemetry

/// The targets of an upstream, for all shards: which there are, what is known of them, and whose turn it is. Any thread;
/// a short lock at most.
final class TargetPool: Sendable {
    /// All that decides what the targets are and how they are used.
    struct Settings: Hashable, Sendable {
        var targets: [TargetSettings]
        var tls: ClientTLSSettings
        var balancing: BalancingSettings
    }

    private struct State {
        var targets: [Target]
        var set: TargetSet
        var random = IdentifierGenerator()
        /// When names are looked up again; `UInt64.max` while they are, or where there are none.
        var resolveAt: UInt64
        var isRetired = false
    }

    let settings: Settings
    /// What of a request decides where it goes; nil if nothing does.
    let selection: TargetSelection?
    let metrics: TargetMetrics
    private let resolver: NameResolver
    /// The only target, where that can't change and there is nothing to be learnt of it.
    private let only: Target?
    /// Whether it matters how tries end.
    private let isTracking: Bool
    private let state: Mutex<State>

    /// Nanoseconds after which names are looked up again. `getaddrinfo` doesn't say how long an answer holds.
    private static let lookUpInterval: UInt64 = 30_000_000_000
    /// The same after a name wasn't found.
    private static let lookUpAgainInterval: UInt64 = 5_000_000_000

    /// - Parameter earlier: the pool of the configuration before; what is known of its targets goes on.
    init(_ settings: Settings, _ metrics: TargetMetrics, resolver: NameResolver, after earlier: TargetPool? = nil) {
        self.settings = settings
        self.metrics = metrics
        self.resolver = resolver
        selection = TargetSelection(settings)
        let known = earlier?.state.withLock { ($0.targets, $0.set) }
        let targets = settings.targets.enumerated().flatMap { origin, target in
            TargetPool.targets(target, settings.tls, origin: origin, known: known?.0 ?? [])
        }
        let isFixed = targets.allSatisfy { !$0.endpoint.isNamed }
        let balancing = settings.balancing
        isTracking = balancing.ejection != nil || balancing.balance == .leastRequests
        only = isFixed && targets.count == 1 && balancing.health == nil && !isTracking ? targets.first : nil
        let members = targets.map { TargetPool.member($0, settings) }
        var set = TargetSet(members, balancing.policies)
        if let (known, earlierSet) = known {
            let origin = targets.map { target in known.firstIndex { $0.endpoint.place === target.endpoint.place } }
            set = TargetSet(
                members, balancing.policies, after: earlierSet, origin: origin, keepsRequests: false,
                now: MonotonicTime.current.nanoseconds)
        }
        state = Mutex(State(targets: targets, set: set, resolveAt: isFixed ? .max : 0))
        for target in targets { target.endpoint.place.use() }
    }

    deinit { retire() }

    /// The targets of a configured one: what is known of its name already, or else the name.
    private static func targets(
        _ target: TargetSettings, _ tls: ClientTLSSettings, origin: Int, known: [Target]
    ) -> [Target] {
        let endpoint = Endpoint(target, tls: tls)
        let resolved = known.filter { $0.endpoint.url == endpoint.url && !$0.endpoint.addresses.isEmpty }
        guard endpoint.isNamed, !resolved.isEmpty else { return [Target(endpoint, origin: origin)] }
        return make(target, tls, origin: origin, resolved.map(\.endpoint.addresses))
    }

    private static func make(
        _ target: TargetSettings, _ tls: ClientTLSSettings, origin: Int, _ addresses: [[SocketAddress]]
    ) -> [Target] {
        addresses.map {
            Target(
                Endpoint(target, tls: tls, resolved: $0), origin: origin, isOneOfSeveral: addresses.count > 1)
        }
    }

    private static func member(_ target: Target, _ settings: Settings) -> TargetSet.Member {
        TargetSet.Member(
            weight: settings.targets[target.origin].weight,
            group: TargetSelection.group(of: target.origin, in: settings.targets), identity: target.identity)
    }

    // MARK: Calls

    /// Whether there is, or may be, more than one target.
    var hasChoice: Bool { only == nil }

    /// Where a call's next try goes. Its end must be told by `end`.
    /// - Parameter tried: where the call has been already, the last one last.
    func pick(_ preference: TargetPreference, tried: [Target], now: MonotonicTime) -> Target {
        if let only { return only }
        let (target, isDue) = state.withLock { state in
            let targets = state.targets
            let index: Int
            if tried.isEmpty {
                index = state.set.pick(preference, now: now.nanoseconds, using: &state.random)
            } else {
                index = state.set.pick(
                    preference, now: now.nanoseconds, using: &state.random,
                    last: targets.firstIndex { $0 === tried.last }
                ) { index in tried.contains { $0 === targets[index] } }
            }
            if isTracking { state.set.begin(index) }
            let isDue = state.resolveAt <= now.nanoseconds
            if isDue { state.resolveAt = .max }
            return (targets[index], isDue)
        }
        if isDue { lookUp() }
        return target
    }

    /// A try that went to `target` has ended.
    func end(_ target: Target, _ outcome: TargetSet.Outcome, now: MonotonicTime) {
        guard isTracking else { return }
        let isEjected = state.withLock { state in
            guard let index = state.targets.firstIndex(where: { $0 === target }) else { return false }
            return state.set.end(index, outcome, now: now.nanoseconds)
        }
        if isEjected { metrics.ejections.add() }
    }

    /// Any of the targets.
    var anyEndpoint: Endpoint { (only ?? state.withLock { $0.targets[0] }).endpoint }

    // MARK: Health

    /// The targets at `now`, to be checked; their names are looked up again if it is time.
    func targetsToCheck(now: MonotonicTime) -> [Target] {
        let (targets, isDue) = state.withLock { state in
            let isDue = state.resolveAt <= now.nanoseconds
            if isDue { state.resolveAt = .max }
            return (state.targets, isDue)
        }
        if isDue { lookUp() }
        return targets
    }

    /// A health check of `target` has ended.
    func check(_ target: Target, passed: Bool, now: MonotonicTime) {
        (passed ? metrics.passedChecks : metrics.failedChecks).add()
        state.withLock { state in
            guard let index = state.targets.firstIndex(where: { $0 === target }) else { return }
            _ = state.set.check(index, passed: passed, now: now.nanoseconds)
        }
    }

    /// Every target as operators see it, in the configuration's order.
    func status(now: MonotonicTime) -> [TargetStatus] {
        state.withLock { state in
            state.targets.enumerated().map { index, target in
                TargetStatus(
                    url: target.endpoint.url, address: target.address,
                    state: state.set.state(of: index, now: now.nanoseconds))
            }
        }
    }

    /// Whether all targets are used because none of those for everybody is usable.
    func isPanicking(now: MonotonicTime) -> Bool {
        state.withLock { $0.set.isPanicking(now: now.nanoseconds) }
    }

    // MARK: Names

    /// Looks all names up, off the loops.
    private func lookUp() {
        DispatchQueue.global().async { [weak self] in
            guard let targets = self?.settings.targets, let resolver = self?.resolver else { return }
            let found = targets.map { target in
                Endpoint(target).isNamed ? resolver.lookUp(target.host, target.port) : nil
            }
            self?.adopt(found, now: MonotonicTime.current)
        }
    }

    /// Takes what names were found to stand for: for each configured target its addresses, nil where it has no name.
    /// One that wasn't found keeps what it had.
    private func adopt(_ found: [[SocketAddress]?], now: MonotonicTime) {
        for addresses in found where addresses?.isEmpty == true { metrics.failedLookUps.add() }
        let (added, removed) = state.withLock { state -> ([Target], [Target]) in
            let hasFailed = found.contains { $0?.isEmpty == true }
            let interval = hasFailed ? Self.lookUpAgainInterval : Self.lookUpInterval
            state.resolveAt = now.advanced(byNanoseconds: interval).nanoseconds
            let before = state.targets
            let after = found.enumerated().flatMap { origin, addresses in
                let current = before.filter { $0.origin == origin }
                let wanted = ResolvedName.targets(of: addresses ?? [])
                if wanted.isEmpty || wanted == current.map(\.endpoint.addresses) { return current }
                return Self.make(settings.targets[origin], settings.tls, origin: origin, wanted).map { made in
                    current.first {
                        $0.endpoint.place === made.endpoint.place && $0.isOneOfSeveral == made.isOneOfSeveral
                    } ?? made
                }
            }
            guard !before.elementsEqual(after, by: ===), !state.isRetired else { return ([], []) }
            let origin = after.map { target in
                before.firstIndex { $0.endpoint.place === target.endpoint.place }
            }
            state.set = TargetSet(
                after.map { Self.member($0, settings) }, settings.balancing.policies, after: state.set, origin: origin,
                keepsRequests: true, now: now.nanoseconds)
            state.targets = after
            return (
                after.filter { target in !before.contains { $0 === target } },
                before.filter { target in !after.contains { $0 === target } }
            )
        }
        for target in added { target.endpoint.place.use() }
        for target in removed { target.endpoint.place.giveUp() }
    }

    /// Nobody begins calls here any more: the targets' connections may go, unless others use them.
    func retire() {
        let targets = state.withLock { state -> [Target] in
            defer { state.isRetired = true }
            return state.isRetired ? [] : state.targets
        }
        for target in targets { target.endpoint.place.giveUp() }
    }
}
