/// Least requests by the power of two choices: two targets are drawn at random, and the one with fewer requests under
/// way for its weight is taken.
///
/// Almost as even as looking at all of them, and a target that has just become the emptiest isn't stormed by everybody
/// at once (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001).
public enum PowerOfTwoChoices {
    /// Picks one of `count` targets; nil if none may be picked. Takes time linear in `count`, and allocates nothing.
    /// - Parameters:
    ///   - weight: how likely the target with this index is drawn, against the others; 0 passes over it.
    ///   - load: its requests under way.
    public static func pick(
        count: Int, using random: inout some RandomNumberGenerator, weight: (Int) -> Int, load: (Int) -> Int
    ) -> Int? {
        var total = 0
        for index in 0..<count { total += weight(index) }
        guard total > 0 else { return nil }
        guard let first = draw(count, Int.random(in: 0..<total, using: &random), weight) else { return nil }
        let rest = total - weight(first)
        guard rest > 0,
            let second = draw(count, Int.random(in: 0..<rest, using: &random), { $0 == first ? 0 : weight($0) })
        else { return first }
        // load / weight, compared without dividing; the request to be placed counts too.
        let isSecondEmptier = (load(second) + 1) * weight(first) < (load(first) + 1) * weight(second)
        return isSecondEmptier ? second : first
    }

    private static func draw(_ count: Int, _ ticket: Int, _ weight: (Int) -> Int) -> Int? {
        var left = ticket
        for index in 0..<count {
            left -= weight(index)
            if left < 0 { return index }
        }
        return nil
    }
}
