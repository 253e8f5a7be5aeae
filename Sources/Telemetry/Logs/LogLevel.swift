/// How much a log line matters.
public enum LogLevel: Int, Comparable, CaseIterable, Sendable {
    /// For those who look for a fault.
    case debug
    /// What happens in the ordinary course.
    case info
    /// Something to look at, that was coped with.
    case warn
    /// Something that could not be done.
    case error

    /// As it stands in the line and in `telemetry.logs.level`.
    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        }
    }

    /// The level of that name; nil if there is none.
    public init?(name: String) {
        guard let level = LogLevel.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// Whether `left` matters less than `right`.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
