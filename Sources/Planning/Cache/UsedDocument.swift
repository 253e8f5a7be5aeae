/// A document that clients send, with what it was planned for.
public struct UsedDocument: Sendable {
    /// Its bytes.
    public let text: [UInt8]
    /// What plans were made of it.
    public let plans: [PlanPurpose]
}

/// What a plan was made for.
public struct PlanPurpose: Sendable {
    /// The operation's place in its document.
    public let operation: Int
    /// The profile's index.
    public let profile: Int
    /// The values of the operation's conditions.
    public let conditions: Conditions
}
