/// Finds what an author may have meant.
public enum Suggestion {
    /// The candidate that is most like `word`, if one is near enough: at most a third of its letters changed.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().utf8)
        guard !letters.isEmpty, letters.count <= 100 else { return nil }
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate.utf8.count <= 100 {
            let distance = editDistance(letters, Array(candidate.lowercased().utf8))
            guard distance <= max(1, max(letters.count, candidate.utf8.count) / 3) else { continue }
            if let found = best, (found.distance, found.candidate) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// Levenshtein's distance, a swap of neighbours counted as one change.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
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
