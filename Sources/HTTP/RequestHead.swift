internal import Bytes

/// A request's head (RFC 9112 §3, §5), made to be parsed into again and again without allocating. Confined to its
/// owner's thread; spans are valid until it is next parsed into or cleared.
@safe
public final class RequestHead {
    /// The method.
    public internal(set) var method = Method.get
    /// The minor version: 1 for HTTP/1.1, 0 for HTTP/1.0.
    public internal(set) var versionMinor = 1
    /// The fields, in order, as sent.
    public let fields = FieldList()
    /// How the content ends.
    public internal(set) var framing = BodyFraming.none
    /// Whether the client lets the connection live on after the answer (RFC 9112 §9.3).
    public internal(set) var keepAlive = true
    /// Whether the client waits for `100 Continue` before it sends the content (RFC 9110 §10.1.1).
    public internal(set) var expectsContinue = false

    /// The request target, then a `/` that stands in for an empty path of the absolute form.
    let text = ByteBuffer(capacity: 256)
    var targetRange = 0..<0
    var pathRange = 0..<0
    var queryRange: Range<Int>?
    var authorityRange: Range<Int>?

    /// A head to be parsed into.
    public init() {}

    /// Forgets everything and keeps the storage.
    public func clear() {
        method = .get
        versionMinor = 1
        fields.clear()
        framing = .none
        keepAlive = true
        expectsContinue = false
        text.clear()
        targetRange = 0..<0
        pathRange = 0..<0
        queryRange = nil
        authorityRange = nil
    }

    /// The request target as sent.
    public var target: RawSpan {
        @_lifetime(borrow self)
        get { span(targetRange) }
    }

    /// The path, still percent-encoded: `/` where an absolute target has none, `*` of `OPTIONS *`.
    public var path: RawSpan {
        @_lifetime(borrow self)
        get { span(pathRange) }
    }

    /// Whether there is a query, be it empty.
    public var hasQuery: Bool { queryRange != nil }

    /// The query without its `?`, still percent-encoded; empty where there is none.
    public var query: RawSpan {
        @_lifetime(borrow self)
        get { span(queryRange ?? 0..<0) }
    }

    /// Host and port that the request is for: the authority of an absolute target, else the Host field (RFC 9112
    /// §3.2.2); empty where neither is given.
    public var authority: RawSpan {
        @_lifetime(borrow self)
        get {
            if let authorityRange { return span(authorityRange) }
            let fields = fields
            if let index = fields.index(of: .host) {
                return unsafe _overrideLifetime(fields.value(at: index), borrowing: self)
            }
            return span(0..<0)
        }
    }

    /// Whether content follows the head.
    public var hasBody: Bool { framing != .none && framing != .length(0) }

    @_lifetime(borrow self)
    private func span(_ range: Range<Int>) -> RawSpan {
        let text = text
        let span = text.bytes.extracting(range)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
