/// Why one try of an upstream call failed, in the classes that retries and breakers are configured by.
public enum TryFailure: Hashable, Sendable {
    /// No connection came to be, or it was lost before a byte of the request was sent.
    case connect
    /// The connection was lost later, or what came back was not valid HTTP.
    case reset
    /// The try's own timeout ran out.
    case timeout
    /// A whole answer came, with this status.
    case status(Int)
}

/// A set of failures, as written `[connect, reset, timeout, 5xx, 429]`.
public struct FailureSet: Hashable, Sendable {
    /// The classes that have a name.
    public struct Classes: OptionSet, Hashable, Sendable {
        /// The bits, one a class.
        public let rawValue: UInt8

        /// The classes with the given bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `TryFailure.connect`.
        public static let connect = Classes(rawValue: 1)
        /// `TryFailure.reset`.
        public static let reset = Classes(rawValue: 2)
        /// `TryFailure.timeout`.
        public static let timeout = Classes(rawValue: 4)
        /// Every status from 500 to 599, written `5xx`.
        public static let serverError = Classes(rawValue: 8)
    }

    /// The named classes in the set.
    public let classes: Classes
    /// Single status codes in the set, beside those of `classes`.
    public let statuses: Set<Int>

    /// The set of all failures of `classes` and of the given status codes.
    public init(classes: Classes, statuses: Set<Int> = []) {
        self.classes = classes
        self.statuses = statuses
    }

    /// Whether `failure` is in the set. A status that is neither listed nor of a listed class is none, and one below 400
    /// never is.
    public func contains(_ failure: TryFailure) -> Bool {
        switch failure {
        case .connect: classes.contains(.connect)
        case .reset: classes.contains(.reset)
        case .timeout: classes.contains(.timeout)
        // First what most answers are: a look into the set costs a hash.
        case .status(let code):
            code >= 400
                && ((classes.contains(.serverError) && (500..<600).contains(code)) || statuses.contains(code))
        }
    }
}
