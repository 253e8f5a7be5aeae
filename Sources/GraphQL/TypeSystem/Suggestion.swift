/// The name among `names` that `name` most likely was meant to be; nil when none is near.
public func suggestion(for name: String, among names: some Sequence<String>) -> String? {
    suggestions(for: name, among: names).first
}

/// The names near `name`, the nearest first and at most five, names equally near in alphabetical order. Near means at
/// most 40 % of the letters wrong and one more, but never more than half of the longer name; one that differs in case
/// only is nearer than any with a wrong letter.
public func suggestions(for name: String, among names: some Sequence<String>) -> [String] {
    let typed = Array(name.utf8)
    // No name of a schema is that long, and the work grows with the length.
    guard typed.count <= 256 else { return [] }
    let threshold = typed.count * 2 / 5 + 1
    var near: [(name: String, distance: Int)] = []
    for candidate in names {
        let letters = Array(candidate.utf8)
        let limit = min(threshold, max(typed.count, letters.count) / 2)
        if let distance = editDistance(typed, letters, atMost: limit) {
            near.append((candidate, distance))
        }
    }
    near.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return near.prefix(5).map(\.name)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other, case ignored; nil
/// above `limit`. The restricted Damerau-Levenshtein distance.
private func editDistance(_ first: [UInt8], _ second: [UInt8], atMost limit: Int) -> Int? {
    let a = first.map(lowercased)
    let b = second.map(lowercased)
    guard abs(a.count - b.count) <= limit else { return nil }
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 1..<(a.count + 1) {
        var current = [i]
        current.reserveCapacity(b.count + 1)
        for j in 1..<(b.count + 1) {
            let cost = a[i - 1] == b[j - 1] ? 0 : 1
            var best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, beforePrevious[j - 2] + 1) }
            current.append(best)
        }
        if let smallest = current.min(), smallest > limit { return nil }
        beforePrevious = previous
        previous = current
    }
    return previous.last.flatMap { $0 <= limit ? $0 : nil }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
