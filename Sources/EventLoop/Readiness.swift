internal import CLinux

/// What a descriptor is watched for, and what it turned out to be ready for: epoll's event bits.
public struct Readiness: OptionSet, Sendable {
    /// The bits as epoll has them.
    public let rawValue: UInt32

    /// The set of these epoll bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, or the peer has closed its end.
    public static let readable = Readiness(rawValue: UInt32(sluice_EPOLLIN))
    /// There is room to write.
    public static let writable = Readiness(rawValue: UInt32(sluice_EPOLLOUT))
    /// The peer has closed its writing end (only reported when asked for).
    public static let peerClosed = Readiness(rawValue: UInt32(sluice_EPOLLRDHUP))
    /// Both ends are closed; always reported.
    public static let hangUp = Readiness(rawValue: UInt32(sluice_EPOLLHUP))
    /// The socket has an error pending; always reported.
    public static let failed = Readiness(rawValue: UInt32(sluice_EPOLLERR))
}

/// Something that owns a descriptor and is called on the loop's thread when it is ready.
public protocol ReadinessHandler: AnyObject {
    /// The descriptor is ready for `events`. It may deregister and close itself here.
    func ready(_ events: Readiness)
}
