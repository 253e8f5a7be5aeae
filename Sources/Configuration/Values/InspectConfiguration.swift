/// `telemetry.inspect`: who is shown how a request of theirs went. One of these is enough.
public struct InspectConfiguration: Sendable {
    /// `addresses`: blocks of peers.
    public var addresses: [AddressBlock] = []
    /// `claims`: what a token's claim has to be, or hold.
    public var claims: [Claim] = []

    /// A claim and its value.
    public struct Claim: Sendable {
        /// The claim's name, and the names of members within.
        public var path: [String]
        /// The value, as text.
        public var value: String
    }
}
