/// Smooth weighted round-robin over the targets of an upstream.
///
/// In every `sum of weights` picks each target has its share, spread out instead of in runs: weights 3 and 1 give
/// `a a b a`. A value without clock or lock.
public struct TargetRotation: Sendable {
    private let weights: [Int]
    /// How much each target is owed; the sum is always 0.
    private var credit: [Int]

    /// A rotation over `weights.count` targets. Weights are taken as at least 1 and at most a million.
    public init(weights: [Int]) {
        self.weights = weights.map { min(max($0, 1), 1_000_000) }
        credit = Array(repeating: 0, count: weights.count)
    }

    /// Targets in the rotation.
    public var count: Int { weights.count }

    /// The next target's index, passing over those that `isUsable` refuses; nil if that leaves none.
    public mutating func next(where isUsable: (Int) -> Bool = { _ in true }) -> Int? {
        var picked: Int?
        var total = 0
        for index in weights.indices where isUsable(index) {
            credit[index] += weights[index]
            total += weights[index]
            if let best = picked, credit[best] >= credit[index] { continue }
            picked = index
        }
        if let picked { credit[picked] -= total }
        return picked
    }

    /// The next target for a retry: another one than `previous`, where there is another.
    public mutating func next(excluding previous: Int) -> Int? {
        next { $0 != previous } ?? next()
    }
}
