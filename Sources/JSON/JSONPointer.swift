public import Bytes

/// A place in a JSON text (RFC 6901). Empty: the whole text.
public struct JSONPointer: Sendable, Hashable {
    /// The pointer's text: every step with its slash.
    public private(set) var text = ""

    /// The whole text.
    public init() {}

    /// Steps into an object's member: `~` is written `~0` and `/` `~1` (RFC 6901 §3).
    public mutating func append(member name: String) {
        text.append("/")
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": text.append("~0")
            case "/": text.append("~1")
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Steps into a list's element, counted from 0.
    public mutating func append(index: Int) {
        text.append("/\(index)")
    }
}

extension ByteBuffer {
    /// Appends the pointer as a JSON string, quotes included.
    public func appendJSONString(_ pointer: JSONPointer) {
        appendJSONString(pointer.text)
    }
}
