internal import EventLoop
public import Foundation

/// A server of the system in a process of its own, as long as this lives; it can be killed, started again, and held.
public final class RunningServer {
    /// Nobody listened on a port in time.
    public struct Silent: Error {
        /// What was run.
        public let command: [String]
        /// The port.
        public let port: UInt16
    }

    private let command: [String]
    private let ports: [UInt16]
    private let workspace: Workspace?
    private let output: Any
    private var process = Process()

    /// Starts it, and waits until it listens.
    /// - Parameters:
    ///   - command: a program of the `PATH`, or its path, and its arguments.
    ///   - ports: of 127.0.0.1, that it listens on.
    ///   - workspace: where its files are; not removed before it has ended.
    ///   - output: where it prints to.
    public init(
        _ command: [String], ports: [UInt16], in workspace: Workspace? = nil, output: Any = FileHandle.nullDevice
    ) throws {
        self.command = command
        self.ports = ports
        self.workspace = workspace
        self.output = output
        try start()
    }

    deinit { stop() }

    /// Its process.
    public var pid: Int32 { process.processIdentifier }

    /// Starts it once more after `stop`, and waits until it listens.
    public func start() throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        for port in ports { try wait(for: port) }
    }

    private func wait(for port: UInt16) throws {
        let end = Clock.now + 20
        while (try? RawConnection(.ip(.v4(0x7F00_0001), port: port))) == nil {
            guard Clock.now < end else { throw Silent(command: command, port: port) }
            sched_yield()
        }
    }

    /// Kills it without a word to anybody. Spawned from a thread that blocks signals, it might not hear of another.
    public func stop() {
        guard process.isRunning else { return }
        kill(pid, SIGKILL)
        process.waitUntilExit()
    }

    /// Has it do nothing, while its connections stay.
    public func hold() { kill(pid, SIGSTOP) }

    /// Lets it go on.
    public func release() { kill(pid, SIGCONT) }
}
