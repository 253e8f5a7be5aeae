internal import Glibc

/// Consistent hashing by highest random weight: every target gets a score for a key, and the highest wins.
///
/// When a target leaves, its keys alone move, each to the target that had its second highest score, and so spread over
/// all that are left; when one comes, it takes its share evenly from all. No ring and no table is kept, so nothing has
/// to be rebuilt, and every process that knows the same targets chooses alike. D. G. Thaler and C. V. Ravishankar,
/// "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998; the weights are
/// the logarithmic method of C. Schindelhauer and G. Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
public enum RendezvousHash {
    /// Picks one of `count` targets; nil if none may be picked. Takes time linear in `count`, and allocates nothing.
    /// - Parameters:
    ///   - key: the hash of what shall always come to the same target.
    ///   - weight: the target's share of all keys, against the others; 0 passes over it.
    ///   - identity: what the target with this index is known by, whatever its index.
    public static func pick(
        key: UInt64, count: Int, weight: (Int) -> Int, identity: (Int) -> UInt64
    ) -> Int? {
        var picked: Int?
        var highest = -Double.infinity
        for index in 0..<count {
            let share = weight(index)
            guard share > 0 else { continue }
            let draw = KeyHash.fraction(KeyHash.combine(key, identity(index)))
            // -ln of a uniform draw is exponential: the least draw for its weight wins with the weight's share.
            let score = Double(share) / -log(draw)
            guard score > highest else { continue }
            highest = score
            picked = index
        }
        return picked
    }
}
