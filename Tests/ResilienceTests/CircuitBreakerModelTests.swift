import Resilience
import TestSupport
import Testing

/// The breaker as the contract words it, slow and plain: every result is kept with its time.
private struct ReferenceBreaker {
    let settings: CircuitBreaker.Settings
    var results: [(time: UInt64, failed: Bool)] = []
    var openedAt: UInt64?
    var isHalfOpen = false
    var successes = 0
    var generation = 0
    var probes = 0

    mutating func admit(_ now: UInt64) -> (generation: Int, isProbe: Bool)? {
        if let since = openedAt {
            guard now - since >= settings.openFor else { return nil }
            openedAt = nil
            isHalfOpen = true
            successes = 0
            generation += 1
        }
        guard isHalfOpen else { return (generation, false) }
        guard probes < settings.probes else { return nil }
        probes += 1
        return (generation, true)
    }

    mutating func record(_ outcome: CircuitBreaker.Outcome, _ call: (generation: Int, isProbe: Bool), _ now: UInt64) {
        if call.isProbe { probes -= 1 }
        guard outcome != .neutral, call.generation == generation, openedAt == nil else { return }
        if isHalfOpen {
            if outcome == .failure { return open(now) }
            successes += 1
            if successes == settings.closeAfter {
                isHalfOpen = false
                results = []
                generation += 1
            }
            return
        }
        results.append((now, outcome == .failure))
        let slot = settings.window / 10
        let held = results.filter { now / slot - $0.time / slot < 10 }
        let failed = held.count { $0.failed }
        if held.count >= settings.minimumCalls, Double(failed) >= settings.failureRatio * Double(held.count) {
            open(now)
        }
    }

    private mutating func open(_ now: UInt64) {
        openedAt = now
        isHalfOpen = false
        results = []
        generation += 1
    }
}

@Suite("Circuit breaker: properties")
struct CircuitBreakerModelTests {
    @Test(arguments: Seeded.seeds(40))
    func `it does what the reference does, and never lets too many probes pass`(seed: UInt64) {
        var random = Seeded(seed)
        let settings = CircuitBreaker.Settings(
            window: 10 * second, failureRatio: [0.25, 0.5, 1].randomElement(using: &random) ?? 1,
            minimumCalls: Int.random(in: 1...8, using: &random), openFor: 3 * second,
            probes: Int.random(in: 1...4, using: &random), closeAfter: Int.random(in: 1...6, using: &random))
        var breaker = CircuitBreaker(settings)
        var reference = ReferenceBreaker(settings: settings)
        var underWay: [(CircuitBreaker.Admission, (generation: Int, isProbe: Bool))] = []
        var now: UInt64 = 100 * second
        for step in 0..<2000 {
            now += UInt64.random(in: 0...(Bool.random(using: &random) ? 100 : 1500), using: &random) * millisecond
            if Bool.random(using: &random) || underWay.isEmpty {
                let expected = reference.admit(now)
                switch breaker.admit(now: now) {
                case .allowed(let admission):
                    guard let expected else {
                        Issue.record("allowed at step \(step), \(random)")
                        return
                    }
                    #expect(admission.isProbe == expected.isProbe)
                    underWay.append((admission, expected))
                case .refused:
                    guard expected == nil else {
                        Issue.record("refused at step \(step), \(random)")
                        return
                    }
                }
            } else {
                let call = underWay.remove(at: Int.random(in: underWay.indices, using: &random))
                let outcomes: [CircuitBreaker.Outcome] = [.success, .success, .failure, .neutral]
                let outcome = outcomes.randomElement(using: &random) ?? .success
                breaker.record(outcome, call.0, now: now)
                reference.record(outcome, call.1, now)
            }
            let probes = underWay.count { $0.0.isProbe }
            #expect(breaker.probesInFlight == probes && probes <= settings.probes, "step \(step), \(random)")
        }
    }
}
