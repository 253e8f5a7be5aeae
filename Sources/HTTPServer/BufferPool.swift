internal import Bytes

/// Buffers of one loop that are of use only while there is something in them: an idle connection holds none.
final class BufferPool {
    private let capacity: Int
    private let most: Int
    private var free: [ByteBuffer] = []

    /// A pool of buffers that begin with `capacity` bytes, of which `most` are kept.
    init(capacity: Int, most: Int) {
        self.capacity = capacity
        self.most = most
    }

    /// An empty buffer.
    func take() -> ByteBuffer { free.popLast() ?? ByteBuffer(capacity: capacity) }

    /// Takes `buffer` back, which nobody uses any more; one that has grown far is let go.
    func give(_ buffer: ByteBuffer) {
        guard free.count < most, buffer.capacity <= 4 * capacity else { return }
        buffer.clear()
        free.append(buffer)
    }
}
