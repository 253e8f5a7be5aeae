/// One of `rateLimits`: how often something may be asked for.
public struct RateLimitConfiguration: Sendable {
    /// What requests are told apart by.
    public enum Part: Hashable, Sendable {
        /// The client's address.
        case ip
        /// A field of the request; its name in lower case.
        case header(String)
        /// A claim of the token; a path of names.
        case claim([String])
        /// The operation's name.
        case operation
        /// The REST door or its route.
        case route
        /// The device profile.
        case profile
    }

    /// The time in which `count` may pass, as a rate writes it.
    public enum Period: String, CaseIterable, Sendable {
        case second = "s"
        case minute = "m"
        case hour = "h"

        /// Seconds.
        public var seconds: Int {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3600
            }
        }
    }

    /// Where the rule stands.
    public var mark: Mark
    /// `key`: requests that are alike in all of these share one count; at least one.
    public var parts: [Part] = []
    /// `key` as it is written, with `+` between several.
    public var key = ""
    /// `rate`: so many.
    public var count = 1
    /// `rate`: in this time.
    public var period = Period.second
    /// `burst`: how many may come at once.
    public var burst = 1
    /// `weight: cost`: operations count as what they cost.
    public var countsCost = false
    /// `store`.
    public var store = StoreKind.local

    /// Whether it is known before anything but the connection is looked at.
    public var isOfAddressAlone: Bool { parts == [.ip] && !countsCost }
    /// Whether the request's door, or its operation, has to be known.
    public var needsDoor: Bool { countsCost || parts.contains(.operation) || parts.contains(.route) }
    /// `rate` as it is written: `100/s`.
    public var rate: String { "\(count)/\(period.rawValue)" }
}
