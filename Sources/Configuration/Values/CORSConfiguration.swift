/// `cors`: which pages of other origins may read answers (Fetch standard, CORS protocol).
public struct CORSConfiguration: Sendable {
    /// The policies of `origins`, in the file's order; a request gets the first whose origin fits.
    public var policies: [Policy] = []

    /// One of `origins`. What an entry leaves out, `cors` itself says.
    public struct Policy: Sendable {
        /// Whom it is for.
        public var origin: Located<OriginPattern>
        /// `credentials`: whether cookies and the like may go along.
        public var credentials = false
        /// `methods` in upper case; nil = those that the door offers.
        public var methods: [String]?
        /// `headers` that a page may send; nil = those that it asks for.
        public var headers: [String]?
        /// `exposeHeaders`: fields that a page may read beside those that it always may.
        public var exposeHeaders = ["x-request-id", "retry-after"]
        /// `maxAge`: how long a browser may keep the answer of a preflight.
        public var maxAge = TimeSpan(nanoseconds: 600_000_000_000)
        /// `privateNetwork`: whether pages of the public internet may ask a gateway in a private network.
        public var privateNetwork = false
    }
}

/// Origins that a policy is for: `*`, one origin, or one with a `*` for labels of the host or for the port.
public enum OriginPattern: Hashable, Sendable {
    /// `*`
    case any
    /// `https://app.example`
    case exact(String)
    /// `https://*.app.example`: one or more labels stand between the two texts.
    case subdomains(before: String, after: String)
    /// `http://localhost:*`: a port follows the text.
    case anyPort(String)
}
