/// What active checks make of one target: up until `unhealthyAfter` checks in a row fail, then down until `healthyAfter`
/// in a row pass. It begins up, so that a gateway serves from its first moment. A value without clock or lock.
public struct HealthState: Sendable {
    /// The thresholds of a `health` block.
    public struct Settings: Hashable, Sendable {
        /// Failed checks in a row that take a target out.
        public var unhealthyAfter: Int
        /// Passed checks in a row that bring it back.
        public var healthyAfter: Int

        /// Thresholds; the defaults are those of a `health` block.
        public init(unhealthyAfter: Int = 3, healthyAfter: Int = 2) {
            self.unhealthyAfter = unhealthyAfter
            self.healthyAfter = healthyAfter
        }
    }

    /// Whether it may be used.
    public private(set) var isUp = true
    /// Checks in a row that said otherwise.
    private var contrary = 0

    /// A target that is up.
    public init() {}

    /// Takes the result of one check.
    /// - Returns: whether the target went up or down by it.
    public mutating func record(passed: Bool, _ settings: Settings) -> Bool {
        guard passed != isUp else {
            contrary = 0
            return false
        }
        contrary += 1
        guard contrary >= (isUp ? settings.unhealthyAfter : settings.healthyAfter) else { return false }
        isUp.toggle()
        contrary = 0
        return true
    }
}
