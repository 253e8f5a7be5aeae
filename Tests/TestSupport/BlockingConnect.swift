internal import CLinux
internal import EventLoop
internal import Glibc

/// A connected, blocking client socket.
enum BlockingConnect {
    static func open(_ address: SocketAddress, _ receiveBuffer: Int32) throws -> Int32 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let family = withUnsafeMutableBytes(of: &storage) { bytes -> Int32 in
            switch address {
            case .ip(.v4(let bits), let port):
                bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
                bytes.storeBytes(of: bits.bigEndian, toByteOffset: 4, as: UInt32.self)
                return AF_INET
            case .ip(.v6(let high, let low), let port):
                bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
                bytes.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
                length = socklen_t(MemoryLayout<sockaddr_in6>.size)
                return AF_INET6
            case .unix(let path):
                for (index, byte) in path.utf8.enumerated() { bytes[2 + index] = byte }
                length = socklen_t(2 + path.utf8.count + 1)
                return AF_UNIX
            }
        }
        storage.ss_family = sa_family_t(family)
        let descriptor = socket(family, Int32(sluice_SOCK_STREAM), 0)
        if receiveBuffer > 0 {
            var size = receiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(sluice_IPPROTO_TCP), Int32(sluice_TCP_NODELAY), &one, 4)
        let result = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard descriptor >= 0, result == 0 else {
            let code = errno
            close(descriptor)
            throw RawConnection.Failure.connect(code)
        }
        return descriptor
    }
}
