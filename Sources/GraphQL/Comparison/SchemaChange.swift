/// How much a change matters to those who send requests.
public enum ChangeSeverity: String, CaseIterable, Comparable, Sendable {
    /// Requests that were answered are answered as before.
    case safe
    /// Answers may differ, or come later, or be told apart less; nothing that was taken is refused.
    case notable
    /// A request that was answered may be refused, or its sender may not understand the answer.
    case breaking

    /// Whether `left` matters less.
    public static func < (left: ChangeSeverity, right: ChangeSeverity) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}

/// One difference between two schemas.
public struct SchemaChange: Sendable, Hashable {
    /// How much it matters.
    public let severity: ChangeSeverity
    /// The schema coordinate (GraphQL §2.14) of what is different.
    public let coordinate: String
    /// What happened to it, as the rest of a sentence.
    public let message: String

    /// A change of what `coordinate` names.
    public init(_ severity: ChangeSeverity, _ coordinate: String, _ message: String) {
        self.severity = severity
        self.coordinate = coordinate
        self.message = message
    }
}
