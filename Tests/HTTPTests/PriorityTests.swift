import Bytes
import HTTP
import Testing

@Suite("The field Priority (RFC 9218)")
struct PriorityTests {
    @Test(
        arguments: [
            ("u=0", 0), ("u=7", 7), ("u=1, i", 1), ("i, u=5", 5), ("i=?0,u=2;x=1", 2), ("u=1, u=4", 4), ("", nil),
            ("i", nil),
            ("u=8", nil), ("u=-1", nil), ("u=10", nil), ("u=", nil), ("U=1", nil), ("u=1.5", nil), ("u=\"1\"", nil),
            ("u = 1", nil), ("xu=1", nil),
        ] as [(String, Int?)])
    func `the urgency is a digit from 0 to 7, or none`(value: String, urgency: Int?) {
        let buffer = ByteBuffer()
        buffer.append(value)
        #expect(PriorityField.urgency(in: buffer.bytes) == urgency)
    }
}
