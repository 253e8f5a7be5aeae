internal import Glibc

/// Tells the service manager how far the process is (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names.
/// Without one, and where nobody reads it, nothing happens.
enum ServiceManager {
    /// What it is told.
    enum State {
        /// It serves.
        case ready
        /// It reads its configuration again.
        case reloading
        /// It drains.
        case stopping

        fileprivate var text: String {
            switch self {
            case .ready: return "READY=1"
            case .reloading:
                var time = timespec()
                unsafe clock_gettime(CLOCK_MONOTONIC, &time)
                return "RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)"
            case .stopping: return "STOPPING=1"
            }
        }
    }

    /// Tells it. Any thread.
    static func notify(_ state: State) {
        guard let path = unsafe getenv("NOTIFY_SOCKET").map({ unsafe String(cString: $0) }),
            var address = sockaddr_un(path: path)
        else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let text = Array(state.text.utf8)
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }
}

extension sockaddr_un {
    /// The address of a socket in the file system, or with `@` before it in the abstract space; nil where it is neither.
    fileprivate init?(path: String) {
        guard path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count < 108 else { return nil }
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        if path.hasPrefix("@") { sun_path.0 = 0 }
    }
}
