internal import EventLoop
public import Resilience

/// One of the servers that an upstream's calls are shared among: a URL of the configuration, or one of the addresses
/// that its name stands for. Immutable; known by its identity.
final class Target: Sendable {
    let endpoint: Endpoint
    /// Its index among the upstream's `TargetSettings`.
    let origin: Int
    /// Whether its name stands for others too.
    let isOneOfSeveral: Bool

    init(_ endpoint: Endpoint, origin: Int, isOneOfSeveral: Bool = false) {
        self.endpoint = endpoint
        self.origin = origin
        self.isOneOfSeveral = isOneOfSeveral
    }

    /// What keys are hashed with. The address counts only where there are several: a service that moves keeps its keys.
    var identity: UInt64 {
        KeyHash.of(isOneOfSeveral ? "\(endpoint.url) \(address ?? "")" : endpoint.url)
    }

    /// The address, where the URL doesn't tell it from others.
    var address: String? { isOneOfSeveral ? endpoint.addresses.first?.description : nil }
}

/// A target as operators see it.
public struct TargetStatus: Hashable, Sendable {
    /// Its URL, as configured.
    public let url: String
    /// Which of the addresses of its name it is; nil where there is only one.
    public let address: String?
    /// Whether calls go there.
    public let state: TargetSet.State
}
