internal import Bytes
internal import CLibSSL

/// A Lua script that Redis runs as one step; it knows the scripts that it has seen by their digests.
public final class RedisScript: Sendable {
    /// The text.
    public let source: String
    /// The SHA-1 of the text in hexadecimal digits.
    let digest: String

    /// A script with this text.
    public init(_ source: String) {
        self.source = source
        let text = Array(source.utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        _ = unsafe SHA1(text, text.count, &digest)
        let hexadecimal = ByteBuffer(capacity: 40)
        hexadecimal.append(hexadecimal: digest.span)
        self.digest = hexadecimal.string
    }
}
