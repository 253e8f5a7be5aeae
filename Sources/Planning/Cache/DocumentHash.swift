/// A 64-bit hash of a document's bytes for the plan cache, eight bytes a step. The seed keeps clients from choosing
/// documents that collide; equality is always checked by comparing the bytes.
struct DocumentHash {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed ^ 0x9E37_79B9_7F4A_7C15 }

    func hash(_ bytes: RawSpan) -> UInt64 {
        var state = Self.fold(seed ^ UInt64(truncatingIfNeeded: bytes.byteCount), 0xD6E8_FEB8_6659_FD93)
        var offset = 0
        let wordEnd = bytes.byteCount & ~7
        while offset < wordEnd {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state = Self.fold(state ^ word, 0xD6E8_FEB8_6659_FD93 ^ seed)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.byteCount {
            tail = tail << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        return Self.fold(state ^ tail, 0xA076_1D64_78BD_642F)
    }

    /// The two halves of the product, one over the other.
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
