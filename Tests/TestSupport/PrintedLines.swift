public import Foundation

/// What a process prints, read line by line while it runs.
public final class PrintedLines {
    /// What the process is given as its output.
    public let pipe = Pipe()
    private var unread = Data()

    /// Nothing yet.
    public init() {}

    /// The next line without its end; nil where the output ends before, or none comes for half a minute: that is a
    /// failure, not a test that never ends.
    public func next() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread = unread[unread.index(after: end)...] }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            var readable = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&readable, 1, 30_000) > 0 else { return nil }
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            unread += data
        }
    }

    /// Reads on to the first line that holds `text`; nil where none comes.
    public func line(with text: String) -> String? {
        while let line = next() { if line.contains(text) { return line } }
        return nil
    }

    /// Everything that is printed from here to its end.
    public func rest() -> String {
        String(decoding: unread + pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
