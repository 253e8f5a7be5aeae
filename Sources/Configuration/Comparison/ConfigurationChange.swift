/// One difference between two `gateway.yaml`, by what it means to those who send requests.
public struct ConfigurationChange: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// Requests that were answered are answered as before.
        case safe
        /// Answers may differ, or come later; nothing that was taken is refused.
        case notable
        /// A request that was answered may be refused, or its sender may not understand the answer.
        case breaking
    }

    /// How much it matters.
    public let severity: Severity
    /// The key, `server.limits.body`.
    public let path: String
    /// What happened to it, as the rest of a sentence.
    public let message: String
}
