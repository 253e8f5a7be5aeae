public import Bytes
internal import CLibSSL

extension ByteBuffer {
    /// Bytes that a digest takes.
    static let digestCount = 64

    /// Appends the SHA-256 of `bytes` in 64 hexadecimal digits: a key of one length, whatever it is made of, that doesn't
    /// say what that was.
    public func appendDigest(of bytes: RawSpan) {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe output.withUnsafeMutableBufferPointer { digest in
                _ = unsafe SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, digest.baseAddress)
            }
        }
        append(hexadecimal: digest.span)
    }

    /// Appends two hexadecimal digits for each byte.
    func append(hexadecimal bytes: Span<UInt8>) {
        for index in bytes.indices {
            append((bytes[index] >> 4).hexadecimalDigit)
            append((bytes[index] & 15).hexadecimalDigit)
        }
    }
}
