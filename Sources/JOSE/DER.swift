internal import Bytes

/// The few forms of the Distinguished Encoding Rules (X.690) that keys and signatures need.
enum DER {
    static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }

    /// An unsigned number, most significant byte first: no leading zeros but the one that keeps it positive.
    static func integer(_ bytes: RawSpan) -> [UInt8] {
        var first = 0
        while first < bytes.byteCount - 1, bytes.byte(at: first) == 0 { first += 1 }
        var number: [UInt8] = bytes.byte(at: first) >= 0x80 ? [0] : []
        for offset in first..<bytes.byteCount { number.append(bytes.byte(at: offset)) }
        return value(0x02, number)
    }

    private static func integer(_ bytes: [UInt8]) -> [UInt8] { unsafe integer(bytes.span.bytes) }

    private static func bitString(_ content: [UInt8]) -> [UInt8] { value(0x03, [0] + content) }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<128: [tag, UInt8(content.count)] + content
        case ..<256: [tag, 0x81, UInt8(content.count)] + content
        default:
            [tag, 0x82, UInt8(truncatingIfNeeded: content.count >> 8), UInt8(truncatingIfNeeded: content.count)]
                + content
        }
    }

    // MARK: Public keys (RFC 5280 §4.1.2.7)

    /// An RSA key (RFC 3279 §2.3.1).
    static func publicKey(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        let algorithm = sequence(
            [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00])
        return sequence(algorithm + bitString(sequence(integer(modulus) + integer(exponent))))
    }

    /// A point on a curve (RFC 5480 §2, RFC 8410 §4).
    static func publicKey(_ curve: Curve, point: [UInt8]) -> [UInt8] {
        let ellipticCurve: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        let algorithm: [UInt8] =
            switch curve {
            case .p256: ellipticCurve + [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
            case .p384: ellipticCurve + [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
            case .p521: ellipticCurve + [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]
            case .ed25519: [0x06, 0x03, 0x2B, 0x65, 0x70]
            case .ed448: [0x06, 0x03, 0x2B, 0x65, 0x71]
            }
        return sequence(sequence(algorithm) + bitString(point))
    }
}
