/// Why an operation that is valid gets no plan.
public struct PlanningError: Error, Sendable, Hashable {
    /// What kind of refusal this is.
    public enum Kind: Sendable, Hashable {
        /// The operation is larger than a limit allows (`LIMIT_EXCEEDED`).
        case limitExceeded
        /// The kind of operation can't be run (`OPERATION_RESOLUTION_FAILURE`).
        case operationUnsupported
    }

    /// The kind.
    public let kind: Kind
    /// A sentence for the client.
    public let message: String
    /// Byte offset of the operation in the document.
    public let offset: UInt32
}
