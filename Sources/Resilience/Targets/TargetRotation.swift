/// Smooth weighted round-robin over the targets of an upstream.
///
/// In every `sum of weights` picks each target has its share, spread out instead of in runs: weights 3 and 1 give
/// `a a b a`. Weights may change from pick to pick. A value without clock or lock.
public struct TargetRotation: Sendable {
    /// How much each target is owed.
    private var credit: [Int]

    /// A rotation over `count` targets.
    public init(count: Int) {
        credit = Array(repeating: 0, count: count)
    }

    /// The next target's index; nil if none may be picked.
    /// - Parameter weight: the share of the target with this index; 0 passes over it.
    public mutating func next(weight: (Int) -> Int) -> Int? {
        var picked: Int?
        var total = 0
        for index in credit.indices {
            let share = weight(index)
            guard share > 0 else { continue }
            credit[index] += share
            total += share
            if let best = picked, credit[best] >= credit[index] { continue }
            picked = index
        }
        if let picked { credit[picked] -= total }
        return picked
    }
}
