public import Bytes

/// Buffers that are used again, so that answers allocate nothing in steady use. Belongs to one thread.
public final class BufferPool {
    private var free: [ByteBuffer] = []
    private var capacity = 0
    private let maximumCapacity: Int
    private let maximumTotal: Int

    /// An empty pool.
    /// - Parameters:
    ///   - maximumCapacity: bytes of storage above which a buffer is not kept.
    ///   - maximumTotal: bytes of storage that all kept buffers may have together.
    public init(maximumCapacity: Int = 1 << 20, maximumTotal: Int = 8 << 20) {
        self.maximumCapacity = maximumCapacity
        self.maximumTotal = maximumTotal
    }

    /// An empty buffer.
    public func take() -> ByteBuffer {
        guard let buffer = free.popLast() else { return ByteBuffer(capacity: 4096) }
        capacity -= buffer.capacity
        return buffer
    }

    /// Gives `buffer` back, which nobody uses any more.
    public func give(_ buffer: ByteBuffer) {
        guard buffer.capacity <= maximumCapacity, capacity + buffer.capacity <= maximumTotal else { return }
        buffer.clear()
        capacity += buffer.capacity
        free.append(buffer)
    }
}
