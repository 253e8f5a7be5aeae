internal import Bytes

/// How old an answer was when it came, and how long its origin wants it used: the arithmetic of RFC 9111 §4.2. Times in
/// seconds; wall-clock times since 1970.
public struct ResponseFreshness: Hashable, Sendable {
    /// Its directives.
    public var control: CacheControl
    /// Its age when it came: `corrected_initial_age` (§4.2.3).
    public var initialAge: Int
    /// How long it is fresh, counted from its origin's time on (§4.2.1): `s-maxage`, else `max-age`, else `Expires` less
    /// `Date`. Nil where its origin doesn't say: nothing is guessed (§4.2.2 would allow it).
    public var lifetime: Int?

    /// Reads the fields of an answer.
    /// - Parameters:
    ///   - receivedAt: when it came.
    ///   - delay: how long it took since the request was sent.
    public init(_ fields: FieldList, receivedAt: Int, delay: Int) {
        control = CacheControl(fields)
        let date = Self.time(.date, in: fields)
        let apparentAge = max(0, receivedAt - (date ?? receivedAt))
        var age = 0
        // A field that isn't a number is passed over (§5.1).
        if let value = fields.firstValue(of: .age) { age = CacheControl.seconds(value) ?? 0 }
        initialAge = max(apparentAge, min(age + max(0, delay), CacheControl.longest))
        if let seconds = control.sharedMaxAge ?? control.maxAge {
            lifetime = seconds
        } else if fields.contains(.expires) {
            // A date that is none lies in the past (§5.3).
            lifetime = Self.time(.expires, in: fields).map { max(0, $0 - (date ?? receivedAt)) } ?? 0
        }
    }

    private static func time(_ field: KnownField, in fields: FieldList) -> Int? {
        guard let index = fields.index(of: field) else { return nil }
        return HTTPDate.parse(fields.value(at: index))
    }

    /// Whether a shared cache may keep an answer with these fields for requests of the same key (§3, and the contract's
    /// Set-Cookie).
    ///
    /// A key that holds every field that was sent upstream fits any `Vary` but `*` and one that names a field in which
    /// requests of one key differ.
    public static func mayBeStored(_ fields: FieldList, isOutsideKey: (RawSpan) -> Bool) -> Bool {
        if fields.contains(.setCookie) { return false }
        let control = CacheControl(fields)
        if control.isNoStore || control.isPrivate { return false }
        var isFixed = true
        fields.forEachMember(of: .vary) { name in
            if name.equalsIgnoringCase("*") || isOutsideKey(name) { isFixed = false }
            return isFixed
        }
        return isFixed
    }
}
