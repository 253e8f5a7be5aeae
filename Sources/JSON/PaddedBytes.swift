internal import Bytes
internal import CSIMD

/// Bytes with 64 zeros behind them, so that a scan may look ahead without asking how much is left.
///
/// A zero byte is part of no JSON token: whatever scans stops at the first one, which is why reading at any index that
/// a scan can reach (at most `count`) and up to 64 bytes on stays inside. That is the invariant behind `@safe`.
@safe
struct PaddedBytes {
    /// Bytes that must be readable, and zero, behind the last one.
    static let padding = ByteBuffer.sealLength

    let base: UnsafeRawPointer
    let count: Int

    @inline(always) subscript(_ index: Int) -> UInt8 {
        assert(index >= 0 && index <= count + Self.padding)
        return unsafe base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// Four bytes from `index`, the first one lowest.
    @inline(always) func word32(_ index: Int) -> UInt32 {
        assert(index >= 0 && index <= count + Self.padding - 4)
        return unsafe UInt32(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
    }

    /// Eight bytes from `index`, the first one lowest.
    @inline(always) func word64(_ index: Int) -> UInt64 {
        assert(index >= 0 && index <= count + Self.padding - 8)
        return unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// A mask of those of the 16 bytes from `index` on that are not ASCII standing for itself in a string; 0: none.
    @inline(always) func stringStops(_ index: Int) -> UInt64 {
        assert(index >= 0 && index <= count + Self.padding - 16)
        return unsafe sluice_string_stops(base + index)
    }

    /// The same of 64 bytes: a bit for each, the lowest for the first.
    @inline(always) func stringStops64(_ index: Int) -> UInt64 {
        assert(index >= 0 && index <= count + Self.padding - 64)
        return unsafe sluice_string_stops64(base + index)
    }

    /// Which byte the lowest bit of a mask, not 0, stands for.
    @inline(always) static func first(_ stops: UInt64) -> Int {
        Int(sluice_first(stops))
    }

    /// How many of the 16 bytes from `index` on are digits.
    @inline(always) func digitRun(_ index: Int) -> Int {
        assert(index >= 0 && index <= count + Self.padding - 16)
        return unsafe Int(sluice_digit_run(base + index))
    }

    /// How many of the 16 bytes from `index` on are white space.
    @inline(always) func spaceRun(_ index: Int) -> Int {
        assert(index >= 0 && index <= count + Self.padding - 16)
        return unsafe Int(sluice_space_run(base + index))
    }
}

extension ByteBuffer {
    /// Calls `body` with the readable bytes, padded. Unless the buffer is sealed, the padding is written behind the
    /// write end, into storage that holds nothing yet; the readable bytes do not change.
    func withPaddedBytes<Result>(
        _ body: (PaddedBytes) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        // A sealed one has it already, and may be read by other threads now.
        if !isSealed { seal() }
        return try unsafe withUnsafeBytes { (bytes) throws(JSONError) -> Result in
            guard let base = bytes.baseAddress, bytes.count < Int(UInt32.max) - PaddedBytes.padding else {
                throw JSONError(.tooLarge, at: 0)
            }
            return try unsafe body(PaddedBytes(base: base, count: bytes.count))
        }
    }
}
