internal import Synchronization

/// A number that only grows. Any thread; no lock.
public final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    init() {}

    /// Adds `amount`.
    public func add(_ amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum so far.
    public var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down. Any thread; no lock.
public final class Gauge: Sendable {
    private let number = Atomic<Int>(0)

    init() {}

    /// Sets it.
    public func set(_ value: Int) {
        number.store(value, ordering: .relaxed)
    }

    /// Adds `amount`, which may be negative.
    public func add(_ amount: Int) {
        number.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The number now.
    public var value: Int { number.load(ordering: .relaxed) }
}
