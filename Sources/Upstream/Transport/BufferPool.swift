public import Bytes

/// Buffers that are used again, so that answers allocate nothing in steady use. Belongs to one thread.
public final class BufferPool {
    private var free: [ByteBuffer] = []
    private let maximumCount: Int
    private let maximumCapacity: Int

    /// An empty pool.
    /// - Parameters:
    ///   - maximumCount: buffers kept.
    ///   - maximumCapacity: bytes of storage above which a buffer is not kept.
    public init(maximumCount: Int = 64, maximumCapacity: Int = 64 << 10) {
        self.maximumCount = maximumCount
        self.maximumCapacity = maximumCapacity
    }

    /// An empty buffer.
    public func take() -> ByteBuffer {
        free.popLast() ?? ByteBuffer(capacity: 4096)
    }

    /// Gives `buffer` back, which nobody uses any more.
    public func give(_ buffer: ByteBuffer) {
        guard free.count < maximumCount, buffer.capacity <= maximumCapacity else { return }
        buffer.clear()
        free.append(buffer)
    }
}
