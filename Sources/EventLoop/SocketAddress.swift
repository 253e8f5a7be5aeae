public import Bytes
internal import CLinux
internal import Glibc

/// Where a socket listens or connects: an IP address and port, or a path of the file system.
public enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case ip(IPAddress, port: UInt16)
    case unix(String)

    /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (the IPv4 loopback) or `unix:/run/a.sock`; nil for
    /// anything else. Other names are not looked up.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            // sun_path holds 108 bytes with its NUL.
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self = .unix(path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let port = UInt16(digits)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        let name = host == "localhost" ? "127.0.0.1" : String(host)
        guard let address = IPAddress(name) else { return nil }
        self = .ip(address, port: port)
    }

    /// The port; nil for a path.
    public var port: UInt16? { if case .ip(_, let port) = self { port } else { nil } }

    /// The IP address; nil for a path.
    public var ip: IPAddress? { if case .ip(let address, _) = self { address } else { nil } }

    /// The text that `init` reads.
    public var description: String {
        switch self {
        case .ip(.v4(let bits), let port): "\(IPAddress.v4(bits)):\(port)"
        case .ip(let address, let port): "[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// Appends the address without its port, as X-Forwarded-For has it; `unix` for a path.
    public func appendHost(to buffer: ByteBuffer) {
        if let ip { ip.append(to: buffer) } else { buffer.append("unix") }
    }
}

extension SocketAddress {
    /// The address family of its sockets.
    var family: Int32 {
        switch self {
        case .ip(.v4, _): AF_INET
        case .ip(.v6, _): AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the kernel's form.
    func withSockaddr(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var storage = sockaddr_storage()
        return unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            let length = unsafe fill(bytes)
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe body(UnsafePointer(base.assumingMemoryBound(to: sockaddr.self)), length)
        }
    }

    private func fill(_ bytes: UnsafeMutableRawBufferPointer) -> socklen_t {
        unsafe bytes.storeBytes(of: sa_family_t(family), as: sa_family_t.self)
        switch self {
        case .ip(.v4(let bits), let port):
            unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            unsafe bytes.storeBytes(of: bits.bigEndian, toByteOffset: 4, as: UInt32.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        case .ip(.v6(let high, let low), let port):
            unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
            unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        case .unix(let path):
            for (index, byte) in path.utf8.prefix(107).enumerated() {
                unsafe bytes.storeBytes(of: byte, toByteOffset: 2 + index, as: UInt8.self)
            }
            return socklen_t(2 + min(path.utf8.count, 107) + 1)
        }
    }

    /// Reads the kernel's form, as `call` fills it in; nil if it fails or the family is another.
    init?(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let found: SocketAddress? = unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            guard let base = bytes.baseAddress,
                unsafe call(base.assumingMemoryBound(to: sockaddr.self), &length) >= 0
            else { return nil }
            return unsafe SocketAddress.read(UnsafeRawBufferPointer(bytes), Int(length))
        }
        guard let found else { return nil }
        self = found
    }

    /// Reads the kernel's form; nil if the family is another, or there are fewer bytes than it takes.
    public static func read(_ bytes: UnsafeRawBufferPointer, _ length: Int) -> SocketAddress? {
        guard length >= 2, bytes.count >= length else { return nil }
        let family = Int32(unsafe bytes.loadUnaligned(as: sa_family_t.self))
        let port = { unsafe UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
        switch family {
        case AF_INET where length >= 8:
            let bits = unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
            return .ip(.v4(UInt32(bigEndian: bits)), port: port())
        case AF_INET6 where length >= 24:
            let high = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            let low = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            return .ip(IPAddress(high: high, low: low), port: port())
        case AF_UNIX:
            let path = unsafe bytes[min(2, length)..<min(length, 110)].prefix { $0 != 0 }
            return .unix(unsafe String(decoding: path, as: UTF8.self))
        default: return nil
        }
    }
}
