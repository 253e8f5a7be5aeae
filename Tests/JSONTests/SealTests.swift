import Bytes
import JSON
import Testing

@Suite("Bytes that several threads read")
struct SealTests {
    private func address(_ buffer: ByteBuffer) -> UInt {
        unsafe buffer.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    /// A buffer without room behind its bytes.
    private func full() -> ByteBuffer {
        let text = "[" + String(repeating: " ", count: 62) + "]"
        let buffer = ByteBuffer(capacity: 64)
        buffer.append(text)
        #expect(buffer.writableCount == 0)
        return buffer
    }

    @Test func `a sealed buffer is read as JSON where it is`() throws {
        let buffer = full()
        buffer.seal()
        let (place, capacity) = (address(buffer), buffer.capacity)
        var cursor = try JSONCursor(buffer)
        try cursor.enterList()
        #expect(try !cursor.nextElement())
        #expect(address(buffer) == place && buffer.capacity == capacity && buffer.isSealed)
    }

    @Test func `sealing what is sealed writes nothing`() {
        let buffer = full()
        buffer.seal()
        func withByteBehind(_ body: (inout UInt8) -> Void) {
            _ = unsafe buffer.appendUnsafe(minimum: 1) { room in
                unsafe body(&room[0])
                return 0
            }
        }
        withByteBehind { $0 = 7 }
        buffer.seal()
        withByteBehind { #expect($0 == 7) }
    }

    @Test func `whatever is appended, or begins anew, is not sealed`() {
        let buffer = full()
        #expect(!buffer.isSealed)
        buffer.seal()
        #expect(buffer.isSealed && buffer.count == 64)
        buffer.append(UInt8(ascii: " "))
        #expect(!buffer.isSealed)
        buffer.seal()
        buffer.clear()
        #expect(!buffer.isSealed)
        buffer.seal()
        buffer.append("0123")
        buffer.clear()
        buffer.shrink(to: 16)
        #expect(!buffer.isSealed)
    }

    @Test func `contents change places with their storage and their seal`() {
        let (first, second) = (full(), ByteBuffer(capacity: 16))
        first.seal()
        let place = address(first)
        second.append("ab")
        second.consume(1)
        first.exchange(with: second)
        #expect(first.count == 1 && first[0] == UInt8(ascii: "b") && !first.isSealed)
        #expect(second.count == 64 && second.isSealed && address(second) == place)
    }
}
