internal import Glibc

/// A text file that was read, to print lines of it below problems.
public struct SourceFile: Sendable {
    /// The file as it was named or found.
    public var path: String
    /// Its bytes, as they are on disk.
    public var bytes: [UInt8]

    /// A file that is already in memory.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Why a file could not be read.
    public struct ReadError: Error, Sendable {
        /// In plain words, with what to do.
        public var message: String
    }

    /// Reads a file whole.
    /// - Parameters:
    ///   - path: relative to the process's working folder, or absolute.
    ///   - maximumSize: the most bytes that are accepted.
    /// - Throws: `ReadError` where there is none, it may not be read, is a folder, or is larger.
    public static func read(path: String, maximumSize: Int) throws(ReadError) -> SourceFile {
        let descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw ReadError(message: reason(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ReadError(message: reason(errno)) }
            if count == 0 { return SourceFile(path: path, bytes: bytes) }
            bytes += chunk[..<min(count, chunk.count)]
            guard bytes.count <= maximumSize else {
                throw ReadError(message: "the file is larger than \(maximumSize) bytes, the most that is read")
            }
        }
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "no such file; check the path, or name another file"
        case EACCES, EPERM: "the file may not be read by this user; check its permissions"
        case EISDIR: "this is a folder, not a file"
        case EAGAIN: "this is not a regular file"
        default: unsafe "the file can't be read: \(String(cString: strerror(code)))"
        }
    }

    /// A line without its line break, or nil past the end. Bytes that are not UTF-8 become U+FFFD.
    /// - Parameter number: from 1.
    public func line(_ number: Int) -> String? {
        var current = 1
        // A byte order mark is no part of the first line.
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D {
                if current == number { return String(decoding: bytes[start..<index], as: UTF8.self) }
                if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
                current += 1
                start = index + 1
            }
            index += 1
        }
        return current == number ? String(decoding: bytes[start...], as: UTF8.self) : nil
    }
}
