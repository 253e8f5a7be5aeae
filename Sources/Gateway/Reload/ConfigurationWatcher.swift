internal import Dispatch
internal import Glibc
internal import Synchronization

/// Reloads a gateway when a file of its configuration changes.
///
/// It looks at the files' metadata several times a second instead of asking for events: that sees every way in which
/// a file is replaced (written in place, renamed over as editors do, behind a symbolic link that is swapped as Kubernetes
/// does, on a network file system) and a file that a pattern newly matches. A few `stat` calls cost microseconds.
/// A change is taken up when a second look finds it unchanged, so that half-written files are rarely read.
public final class ConfigurationWatcher: Sendable {
    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let gateway: Gateway
    private let queue = DispatchQueue(label: "configuration-watcher")
    private let state: Mutex<State>

    private struct State {
        /// What the files were like when they were read.
        var known: FileFingerprint
        /// What they were like at the last look.
        var seen: FileFingerprint
        var isStopped = false
    }

    /// A watcher of the files that `gateway` serves from.
    public init(_ gateway: Gateway) {
        self.gateway = gateway
        let now = FileFingerprint(of: gateway.configurationFiles)
        state = Mutex(State(known: now, seen: now))
    }

    /// Looks in a moment, and from then on.
    public func start() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [self] in
            guard !state.withLock({ $0.isStopped }) else { return }
            look()
            start()
        }
    }

    /// Looks no more; a reload under way goes on.
    public func stop() { state.withLock { $0.isStopped = true } }

    private func look() {
        let now = FileFingerprint(of: gateway.configurationFiles)
        let isDue = state.withLock { state in
            let isSettled = now == state.seen
            state.seen = now
            return isSettled && now != state.known
        }
        guard isDue else { return }
        gateway.reload()
        // What the configuration names may be other files now.
        let files = gateway.configurationFiles
        state.withLock { state in
            state.known = now.files == FilePattern.expand(files) ? now : FileFingerprint(of: files)
            state.seen = state.known
        }
    }
}

/// What tells a version of some files from another: where each is and when it was changed.
struct FileFingerprint: Equatable {
    /// The files, with patterns expanded.
    let files: [String]
    private let versions: [Version?]

    private struct Version: Equatable {
        var device: UInt64
        var inode: UInt64
        var size: Int
        var modified: Int
        var modifiedNanoseconds: Int
        var changed: Int
        var changedNanoseconds: Int
    }

    /// Reads the metadata of the files that `patterns` name, through symbolic links; one that isn't there counts too.
    init(of patterns: [String]) {
        files = FilePattern.expand(patterns)
        versions = files.map { Self.version(of: $0) }
    }

    private static func version(of path: String) -> Version? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Version(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
            modified: status.st_mtim.tv_sec, modifiedNanoseconds: status.st_mtim.tv_nsec,
            changed: status.st_ctim.tv_sec, changedNanoseconds: status.st_ctim.tv_nsec)
    }
}
