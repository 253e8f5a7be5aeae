internal import Bytes

/// An answer's head (RFC 9112 §4, §5), made to be parsed into again and again without allocating. Confined to its
/// owner's thread; spans are valid until it is next parsed into or cleared.
@safe
public final class ResponseHead {
    /// The status code, 100 to 999. One below 200 is interim: another head follows (RFC 9110 §15.2).
    public internal(set) var status = 0
    /// The minor version: 1 for HTTP/1.1, 0 for HTTP/1.0.
    public internal(set) var versionMinor = 1
    /// The fields, in order, as sent.
    public let fields = FieldList()
    /// How the content ends, given the method of the request.
    public internal(set) var framing = BodyFraming.none
    /// Whether the connection may be used again once the content is read (RFC 9112 §9.3).
    public internal(set) var keepAlive = true

    let reasonText = ByteBuffer(capacity: 64)

    /// A head to be parsed into.
    public init() {}

    /// Forgets everything and keeps the storage.
    public func clear() {
        status = 0
        versionMinor = 1
        fields.clear()
        framing = .none
        keepAlive = true
        reasonText.clear()
    }

    /// Fills in what another protocol's parser found: for a transport that reads heads by other means.
    public func set(status: Int, versionMinor: Int, framing: BodyFraming, keepAlive: Bool) {
        self.status = status
        self.versionMinor = versionMinor
        self.framing = framing
        self.keepAlive = keepAlive
    }

    /// The reason phrase, often empty.
    public var reason: RawSpan {
        @_lifetime(borrow self)
        get {
            let text = reasonText
            let span = text.bytes
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Whether it is interim, so that the final head still follows.
    public var isInterim: Bool { status < 200 }
}
