internal import Bytes

/// The field names that the gateway itself looks at. They are recognised once, while a head is parsed, so that later
/// look-ups compare a number and no text.
public enum KnownField: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case accept, acceptEncoding, acceptLanguage, accessControlRequestHeaders, accessControlRequestMethod, age, allow
    case authorization, b3, baggage, cacheControl, connection, contentEncoding, contentLength, contentRange, contentType
    case cookie, date, etag, expect, expires, forwarded, host, ifMatch, ifModifiedSince, ifNoneMatch
    case ifUnmodifiedSince, keepAlive, lastModified, location, origin, pragma, proxyAuthenticate, proxyAuthorization
    case proxyConnection, range, retryAfter, secFetchSite, server, setCookie, te, traceparent, tracestate, trailer
    case transferEncoding, upgrade, userAgent, vary, wwwAuthenticate, xForwardedFor, xForwardedHost, xForwardedProto
    case xRequestID, xRequestTimeoutMs

    /// The field that `name` names, in any case; nil for a name that isn't listed.
    public init?(_ name: RawSpan) {
        guard name.byteCount >= 2, let candidate = KnownField.candidate(name),
            KnownField.isSame(name, candidate.name)
        else { return nil }
        self = candidate
    }

    /// Whether `name` is `lowercase`, in any case. Eight bytes at once: setting the bit that tells small letters from
    /// capitals changes no other byte of a name into one that stands in `lowercase`, which holds letters, digits and
    /// hyphens, but controls into digits and hyphens; these are looked for where the words are equal.
    private static func isSame(_ name: RawSpan, _ lowercase: StaticString) -> Bool {
        let count = name.byteCount
        guard count >= 8, count == lowercase.utf8CodeUnitCount else { return name.equalsIgnoringCase(lowercase) }
        let bit: UInt64 = 0x2020_2020_2020_2020
        var offset = 0
        while true {
            let word = unsafe name.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            let expected = unsafe UnsafeRawPointer(lowercase.utf8Start).loadUnaligned(
                fromByteOffset: offset, as: UInt64.self)
            if word | bit != expected || ByteClass.mayHoldControl(word) { return false }
            if offset == count - 8 { return true }
            offset = min(offset + 8, count - 8)
        }
    }

    /// The one field that length, first and, where that isn't enough, a later byte leave possible.
    private static func candidate(_ name: RawSpan) -> KnownField? {
        let first = name.byte(at: 0).asciiLowercased
        switch name.byteCount {
        case 2: return first == UInt8(ascii: "t") ? .te : .b3
        case 3: return .age
        case 4: return ofFour(first)
        case 5: return first == UInt8(ascii: "a") ? .allow : .range
        case 6: return ofSix(first)
        case 7: return ofSeven(first)
        case 8: return first == UInt8(ascii: "l") ? .location : .ifMatch
        case 9: return .forwarded
        case 10: return ofTen(first)
        case 11: return first == UInt8(ascii: "t") ? .traceparent : .retryAfter
        case 12: return first == UInt8(ascii: "x") ? .xRequestID : .contentType
        case 13: return ofThirteen(first, second: name.byte(at: 1).asciiLowercased)
        case 14: return first == UInt8(ascii: "s") ? .secFetchSite : .contentLength
        case 15: return ofFifteen(first, eighth: name.byte(at: 7).asciiLowercased)
        case 16: return ofSixteen(first)
        case 17: return ofSeventeen(first)
        case 18: return .proxyAuthenticate
        case 19: return first == UInt8(ascii: "i") ? .ifUnmodifiedSince : .proxyAuthorization
        case 20: return .xRequestTimeoutMs
        case 29: return .accessControlRequestMethod
        case 30: return .accessControlRequestHeaders
        default: return nil
        }
    }

    private static func ofFour(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "h"): .host
        case UInt8(ascii: "d"): .date
        case UInt8(ascii: "v"): .vary
        default: .etag
        }
    }

    private static func ofSix(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "a"): .accept
        case UInt8(ascii: "c"): .cookie
        case UInt8(ascii: "e"): .expect
        case UInt8(ascii: "o"): .origin
        case UInt8(ascii: "p"): .pragma
        default: .server
        }
    }

    private static func ofSeven(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "b"): .baggage
        case UInt8(ascii: "t"): .trailer
        case UInt8(ascii: "u"): .upgrade
        default: .expires
        }
    }

    private static func ofTen(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "c"): .connection
        case UInt8(ascii: "k"): .keepAlive
        case UInt8(ascii: "s"): .setCookie
        case UInt8(ascii: "t"): .tracestate
        default: .userAgent
        }
    }

    private static func ofThirteen(_ first: UInt8, second: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "a"): .authorization
        case UInt8(ascii: "c"): second == UInt8(ascii: "a") ? .cacheControl : .contentRange
        case UInt8(ascii: "i"): .ifNoneMatch
        default: .lastModified
        }
    }

    private static func ofFifteen(_ first: UInt8, eighth: UInt8) -> KnownField {
        if first == UInt8(ascii: "x") { return .xForwardedFor }
        return eighth == UInt8(ascii: "e") ? .acceptEncoding : .acceptLanguage
    }

    private static func ofSixteen(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "c"): .contentEncoding
        case UInt8(ascii: "p"): .proxyConnection
        case UInt8(ascii: "w"): .wwwAuthenticate
        default: .xForwardedHost
        }
    }

    private static func ofSeventeen(_ first: UInt8) -> KnownField {
        switch first {
        case UInt8(ascii: "i"): .ifModifiedSince
        case UInt8(ascii: "t"): .transferEncoding
        default: .xForwardedProto
        }
    }

    /// Whether it speaks of one connection only and is never passed on (RFC 9110 §7.6.1).
    public var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer,
            .transferEncoding, .upgrade:
            true
        default: false
        }
    }
}
