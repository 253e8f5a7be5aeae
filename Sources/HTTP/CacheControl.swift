internal import Bytes

/// What the `Cache-Control` of an answer says to a shared cache (RFC 9111 §5.2.2, RFC 5861). Times in seconds.
///
/// A directive that stands there twice counts by its first value (RFC 9111 §4.2.1); a time that is none counts as 0,
/// one that is too large as 2³¹. A `no-cache` or `private` that names fields counts as one without.
public struct CacheControl: Hashable, Sendable {
    /// The largest time: what greater ones are taken for (RFC 9111 §1.2.2).
    public static let longest = 1 << 31

    /// `no-store`.
    public var isNoStore = false
    /// `no-cache`: not to be used without asking the origin.
    public var isNoCache = false
    /// `private`.
    public var isPrivate = false
    /// `must-revalidate` or `proxy-revalidate`, or an `s-maxage`, which means that too (RFC 9111 §5.2.2.10).
    public var mustRevalidate = false
    /// `max-age`.
    public var maxAge: Int?
    /// `s-maxage`.
    public var sharedMaxAge: Int?
    /// `stale-while-revalidate`.
    public var staleWhileRevalidate: Int?
    /// `stale-if-error`.
    public var staleIfError: Int?

    /// No directives.
    public init() {}

    /// The directives of all `Cache-Control` lines of `fields`.
    public init(_ fields: FieldList) {
        var read = CacheControl()
        fields.forEachMember(of: .cacheControl) { member in
            read.add(member)
            return true
        }
        self = read
    }

    private mutating func add(_ member: RawSpan) {
        var end = 0
        while end < member.byteCount, member.byte(at: end) != UInt8(ascii: "=") { end += 1 }
        let name = member.extracting(0..<end)
        let value = end < member.byteCount ? member.extracting(end + 1..<member.byteCount) : nil
        switch end {
        case 7 where name.equalsIgnoringCase("private"): isPrivate = true
        case 7 where name.equalsIgnoringCase("max-age"): maxAge = maxAge ?? Self.seconds(value)
        case 8 where name.equalsIgnoringCase("no-store"): isNoStore = true
        case 8 where name.equalsIgnoringCase("no-cache"): isNoCache = true
        case 8 where name.equalsIgnoringCase("s-maxage"):
            sharedMaxAge = sharedMaxAge ?? Self.seconds(value)
            mustRevalidate = true
        case 14 where name.equalsIgnoringCase("stale-if-error"): staleIfError = staleIfError ?? Self.seconds(value)
        case 15 where name.equalsIgnoringCase("must-revalidate"): mustRevalidate = true
        case 16 where name.equalsIgnoringCase("proxy-revalidate"): mustRevalidate = true
        case 22 where name.equalsIgnoringCase("stale-while-revalidate"):
            staleWhileRevalidate = staleWhileRevalidate ?? Self.seconds(value)
        default: break
        }
    }

    private static func seconds(_ value: RawSpan?) -> Int {
        guard var value else { return 0 }
        // The quoted form is not to be written, but to be read (RFC 9111 §5.2).
        if value.byteCount > 2, value.byte(at: 0) == UInt8(ascii: "\"") {
            value = value.extracting(1..<value.byteCount - 1)
        }
        return seconds(value) ?? 0
    }

    /// Reads delta-seconds (RFC 9111 §1.2.2); nil where it is none.
    static func seconds(_ value: RawSpan) -> Int? {
        guard value.byteCount > 0 else { return nil }
        var seconds = 0
        for index in 0..<value.byteCount {
            let digit = value.byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            seconds = min(seconds * 10 + Int(digit), longest)
        }
        return seconds
    }
}
