public import GraphQL

/// What changes in how one operation is answered for one profile.
public struct PlanComparison: Sendable {
    /// Calls that are made now and weren't, as `route at path`.
    public let added: [String]
    /// Calls that were made and aren't now.
    public let removed: [String]
    /// Calls at most, before and now; nil where a list of unknown length decides.
    public let calls: (old: Int?, new: Int?)
    /// Fields that are left out now and weren't.
    public let dropped: [String]

    /// Compares the plans of what is one operation, under the old and the new configuration.
    public init(from old: Explanation, to new: Explanation) {
        let before = old.calls.map(Self.name)
        let after = new.calls.map(Self.name)
        added = Self.surplus(of: after, over: before)
        removed = Self.surplus(of: before, over: after)
        calls = (old.worstCaseCalls, new.worstCaseCalls)
        let known = Set(old.dropped.map(\.coordinate))
        dropped = new.dropped.map(\.coordinate).filter { !known.contains($0) }
    }

    /// More calls are notable, fewer are safe; nil where nothing is different.
    public var severity: ChangeSeverity? {
        if !dropped.isEmpty || isMore { return .notable }
        return added.isEmpty && removed.isEmpty && calls.old == calls.new ? nil : .safe
    }

    /// Whether more calls are made, or may be.
    private var isMore: Bool {
        switch calls {
        case (let old?, let new?) where old != new: new > old
        case (.some, nil): true
        case (nil, .some): false
        default: added.count > removed.count
        }
    }

    /// The differences as the rest of a sentence.
    public var message: String {
        var parts: [String] = []
        let text = { (count: Int?) in count.map { "\($0)" } ?? "as many as the items need" }
        if calls.old != calls.new {
            parts.append("makes at most \(text(calls.new)) calls, and made \(text(calls.old))")
        }
        if !added.isEmpty { parts.append("now calls \(added.joined(separator: ", "))") }
        if !removed.isEmpty { parts.append("no longer calls \(removed.joined(separator: ", "))") }
        if !dropped.isEmpty { parts.append("no longer gives \(dropped.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }

    private static func name(_ call: ExplainedCall) -> String {
        "\(call.route) for \(call.responsePath.joined(separator: "."))" + (call.isBatch ? " in batches" : "")
    }

    /// What is in one list and not in the other, of several equal ones those that are too many.
    private static func surplus(of names: [String], over others: [String]) -> [String] {
        var rest = others
        return names.filter { name in
            guard let index = rest.firstIndex(of: name) else { return true }
            rest.remove(at: index)
            return false
        }
    }
}
