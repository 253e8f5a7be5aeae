public import Bytes
internal import Glibc

/// An IPv4 or IPv6 address. An IPv4 address mapped into IPv6 is made an IPv4 one, so that a client is the same whichever
/// listener it came through.
public enum IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bits, the first octet the highest.
    case v4(UInt32)
    /// The 128 bits in two halves, the first group the highest.
    case v6(high: UInt64, low: UInt64)

    /// The IPv6 address of these halves, or the IPv4 one that they map (RFC 4291 §2.5.5.2).
    public init(high: UInt64, low: UInt64) {
        if high == 0, low >> 32 == 0xFFFF {
            self = .v4(UInt32(truncatingIfNeeded: low))
        } else {
            self = .v6(high: high, low: low)
        }
    }

    /// Whether it stands for every address of the machine, where it is listened on.
    public var isUnspecified: Bool { self == .v4(0) || self == .v6(high: 0, low: 0) }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
    public init?(_ text: String) {
        var four = in_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
            return
        }
        var six: (UInt64, UInt64) = (0, 0)
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(high: UInt64(bigEndian: six.0), low: UInt64(bigEndian: six.1))
    }

    /// The address in network order: 4 or 16 bytes.
    public var networkBytes: [UInt8] {
        switch self {
        case .v4(let bits): Self.bytes(UInt64(bits)).suffix(4)
        case .v6(let high, let low): Self.bytes(high) + Self.bytes(low)
        }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    /// The text, for logs.
    public var description: String {
        let buffer = ByteBuffer(capacity: 48)
        append(to: buffer)
        return buffer.string
    }

    /// Appends the text: dotted decimal, or the form of RFC 5952. Allocates nothing.
    public func append(to buffer: ByteBuffer) {
        switch self {
        case .v4(let bits):
            for shift in stride(from: 24, through: 0, by: -8) {
                buffer.append(decimal: UInt(bits >> shift & 0xFF))
                if shift > 0 { buffer.append(".") }
            }
        case .v6(let high, let low): IPAddress.append(high, low, to: buffer)
        }
    }

    private static func append(_ high: UInt64, _ low: UInt64, to buffer: ByteBuffer) {
        let zeros = longestZeros(high, low)
        var index = 0
        while index < 8 {
            if zeros.count >= 2, index == zeros.lowerBound {
                buffer.append("::")
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.count < 2 { buffer.append(":") }
            appendHexadecimal(group(high, low, index), to: buffer)
            index += 1
        }
    }

    private static func group(_ high: UInt64, _ low: UInt64, _ index: Int) -> UInt64 {
        (index < 4 ? high : low) >> UInt64((3 - index % 4) * 16) & 0xFFFF
    }

    private static func longestZeros(_ high: UInt64, _ low: UInt64) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0..<8 {
            if group(high, low, index) != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }

    private static func appendHexadecimal(_ number: UInt64, to buffer: ByteBuffer) {
        var isLeading = true
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: number >> shift & 0xF)
            if digit == 0, isLeading, shift > 0 { continue }
            isLeading = false
            buffer.append(digit.hexadecimalDigit)
        }
    }
}
