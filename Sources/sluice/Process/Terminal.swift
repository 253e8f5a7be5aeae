internal import Glibc

/// Standard output and standard error, written at once: what a pipe reads must not wait in a buffer.
enum Terminal {
    /// Writes `text` and a line's end to standard output.
    static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes `text` and a line's end to standard error.
    static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                // Whoever read it is gone.
                return
            }
            written += count
        }
    }
}
