internal import Glibc

/// A socket address of any family, as the kernel takes it.
struct NetworkAddress: Hashable, Sendable {
    /// `AF_INET` or `AF_INET6`.
    let family: Int32
    private let bytes: [UInt8]

    /// The first `length` bytes of `address`.
    init(family: Int32, _ address: UnsafeRawBufferPointer) {
        self.family = family
        bytes = unsafe Array(address)
    }

    /// The address that `literal` writes out; nil if it is a name.
    init?(literal: String, port: UInt16) {
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if unsafe inet_pton(AF_INET, literal, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            self = unsafe withUnsafeBytes(of: &four) { unsafe NetworkAddress(family: AF_INET, $0) }
        } else if unsafe inet_pton(AF_INET6, literal, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            self = unsafe withUnsafeBytes(of: &six) { unsafe NetworkAddress(family: AF_INET6, $0) }
        } else {
            return nil
        }
    }

    /// Starts to connect `descriptor` to it.
    /// - Returns: 0, or −1 with `errno` set (`EINPROGRESS` is the usual one).
    func connect(_ descriptor: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { raw in
            guard let address = unsafe raw.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            return unsafe Glibc.connect(descriptor, address, socklen_t(raw.count))
        }
    }
}
