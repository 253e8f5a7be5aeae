/// How many events a sliding window holds, counted in `slotCount` slots of equal width.
///
/// The window moves slot by slot: it covers the slot that holds `now` and the `slotCount - 1` before it, so between
/// `slotCount - 1` and `slotCount` slot widths of time. A time before the newest slot (two shards' clocks differ by a
/// tick) counts as in the newest.
struct SlidingCount<let slotCount: Int>: Sendable {
    private var slots = InlineArray<slotCount, Int>(repeating: 0)
    private var newest: UInt64 = 0
    private var sum = 0
    private let slotWidth: UInt64

    /// - Parameter slotWidth: nanoseconds of one slot; at least 1.
    init(slotWidth: UInt64) {
        self.slotWidth = max(slotWidth, 1)
    }

    /// Counts one event at `now`.
    mutating func add(at now: UInt64) {
        slide(to: now)
        slots[slot(newest)] += 1
        sum += 1
    }

    /// Events in the window that ends at `now`.
    mutating func total(at now: UInt64) -> Int {
        slide(to: now)
        return sum
    }

    /// Forgets every event.
    mutating func clear() {
        slots = InlineArray(repeating: 0)
        sum = 0
    }

    private func slot(_ number: UInt64) -> Int { Int(number % UInt64(slotCount)) }

    private mutating func slide(to now: UInt64) {
        let number = now / slotWidth
        guard number > newest else { return }
        for step in 1...min(number - newest, UInt64(slotCount)) {
            let left = slot(newest &+ step)
            sum -= slots[left]
            slots[left] = 0
        }
        newest = number
    }
}
