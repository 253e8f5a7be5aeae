internal import Bytes

/// What a call is made to, as log lines, waterfalls and spans name it. Made once, when the configuration is read: its part
/// of each text is rendered then. Immutable; any thread.
public final class CallSubject: Sendable {
    /// The upstream's name.
    public let name: String
    /// The route's name; nil for a passthrough door.
    public let route: String?
    /// `{"name":…,"route":…,"status":` of an access line.
    let lineHead: [UInt8]
    /// The upstream's name and that of a call's span, as they stand within a JSON string.
    let escapedName: [UInt8], spanName: [UInt8]

    /// A call to `name` by `route`.
    public init(name: String, route: String?) {
        self.name = name
        self.route = route
        lineHead = Self.text { text in
            text.append("{\"name\":")
            text.appendJSON(name)
            text.append(",\"route\":")
            text.appendJSON(route)
            text.append(",\"status\":")
        }
        escapedName = Self.text { $0.appendEscaped(name) }
        spanName = Self.text { $0.appendEscaped(route ?? name) }
    }

    /// What nothing is known of.
    public static let none = CallSubject(name: "", route: nil)

    private static func text(_ write: (ByteBuffer) -> Void) -> [UInt8] {
        let text = ByteBuffer()
        write(text)
        return unsafe text.withUnsafeBytes { unsafe Array($0) }
    }
}
