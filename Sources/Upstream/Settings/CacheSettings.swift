public import Bytes

/// The cache of the process as configured.
public struct CacheSettings: Sendable {
    /// Bytes that stored answers may take, with their keys and all that belongs to them.
    public var capacity: Int
    /// Nanoseconds that a refresh in the background may take.
    public var refreshTimeout: UInt64
    /// Whether the content of a successful answer can be used: what can't is a failure, and isn't stored. Any thread.
    public var isUsable: @Sendable (ByteBuffer) -> Bool

    /// Settings.
    public init(
        capacity: Int, refreshTimeout: UInt64 = 5_000_000_000,
        isUsable: @escaping @Sendable (ByteBuffer) -> Bool = { _ in true }
    ) {
        self.capacity = capacity
        self.refreshTimeout = refreshTimeout
        self.isUsable = isUsable
    }
}
