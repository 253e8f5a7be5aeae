/// Nodes as comparisons see them.
extension YAMLNode {
    /// The members of an object, or of a block that is left empty.
    var members: [(key: String, value: YAMLNode)]? {
        guard case .mapping(let pairs) = content else {
            return comparable == "null" ? [] : nil
        }
        return pairs.map { ($0.key.comparable, $0.value) }
    }

    /// The value as text that is the same for values that mean the same: times, sizes and shares by their amount.
    var comparable: String {
        switch content {
        case .scalar(let text, let style):
            if style == .plain, CoreScalar(plain: text) == .null { return "null" }
            return Quantity(text).map(\.description) ?? text
        case .sequence(let items): return "[\(items.map(\.comparable).joined(separator: ", "))]"
        case .mapping(let pairs):
            // The order of members means nothing here.
            let members = pairs.map { "\($0.key.comparable): \($0.value.comparable)" }.sorted()
            return "{\(members.joined(separator: ", "))}"
        }
    }

    /// The value as the file has it. Of what environment variables gave only the variables: it may be a secret.
    var shown: String {
        switch content {
        case .scalar(let text, _): return writtenText ?? (text.isEmpty ? "nothing" : text)
        case .sequence(let items): return "[\(items.map(\.shown).joined(separator: ", "))]"
        case .mapping(let pairs):
            return "{\(pairs.map { "\($0.key.shown): \($0.value.shown)" }.joined(separator: ", "))}"
        }
    }

    /// The amount of a bound: of the number itself, or of `{max, mode}`, which bounds nothing where it only measures.
    func bound(_ standard: String?) -> Double? {
        guard case .mapping = content, let members else { return Quantity(comparable)?.amount }
        if members.contains(where: { $0.key == "mode" && $0.value.comparable == "measure" }) { return nil }
        let max = members.first { $0.key == "max" }?.value.comparable ?? standard
        return max.flatMap(Quantity.init)?.amount
    }
}

/// A number with its unit: times in nanoseconds, sizes in bytes, shares as such.
struct Quantity: Equatable, CustomStringConvertible {
    let amount: Double
    private let unit: String

    private static let units: [String: (amount: Double, unit: String)] = [
        "": (1, ""), "%": (0.01, "share"), "ms": (1e6, "ns"), "s": (1e9, "ns"), "m": (60e9, "ns"),
        "h": (3600e9, "ns"), "ns": (1, "ns"), "B": (1, "bytes"), "KiB": (1024, "bytes"), "MiB": (1_048_576, "bytes"),
        "GiB": (1_073_741_824, "bytes"), "bytes": (1, "bytes"), "share": (1, "share"),
    ]

    init?(_ text: String) {
        if let count = Int(text) {
            amount = Double(count)
            unit = ""
            return
        }
        guard let parts = UnitNumber(text), let unit = Self.units[parts.unit] else { return nil }
        amount = parts.value * unit.amount
        self.unit = unit.unit
    }

    var description: String { unit.isEmpty ? "\(Int(amount))" : "\(amount)\(unit)" }
}
