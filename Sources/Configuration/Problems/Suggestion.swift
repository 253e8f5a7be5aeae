/// The nearest of some known words, for "did you mean".
public enum Suggestion {
    /// The word among `candidates` that was probably meant by `text`, or nil where none is near.
    ///
    /// Near is an edit distance (insertions, deletions, substitutions, neighbours swapped) of at most a third of the
    /// longer word and at most 3; case costs nothing. Words over 64 scalars have no neighbours, so that the work
    /// stays small whatever a file holds.
    public static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
        let word = Array(text.lowercased().unicodeScalars)
        guard !word.isEmpty, word.count <= 64 else { return nil }
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != text {
            let other = Array(candidate.lowercased().unicodeScalars)
            let bound = min(3, max(1, max(word.count, other.count) / 3))
            guard other.count <= 64, abs(other.count - word.count) <= bound else { continue }
            let found = distance(word, other)
            if found <= bound, found < best?.distance ?? .max { best = (found, candidate) }
        }
        return best?.candidate
    }

    /// The optimal string alignment distance, in three rows.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (scalar == other ? 0 : 1))
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
