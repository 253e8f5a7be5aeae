/// How much of its weight a target has that has just come back: a tenth at first, all of it in the end, and evenly more
/// in between, so that a service with cold caches isn't met by its whole load at once.
public enum SlowStart {
    /// The share of its weight that it begins with.
    public static let least = 0.1

    /// The share of its weight, `least` to 1.
    /// - Parameters:
    ///   - elapsed: nanoseconds since it came back.
    ///   - duration: nanoseconds after which it has all of its weight; 0 = at once.
    public static func share(elapsed: UInt64, duration: UInt64) -> Double {
        guard elapsed < duration else { return 1 }
        return least + (1 - least) * Double(elapsed) / Double(duration)
    }
}
