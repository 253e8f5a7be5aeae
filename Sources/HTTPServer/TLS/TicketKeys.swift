internal import CLibSSL
internal import EventLoop
internal import Synchronization

/// The secrets that session tickets are sealed with, so that a client comes back without a full handshake, on whatever
/// shard, and the server keeps nothing (RFC 8446 §2.2, RFC 5077). A secret seals for an hour and opens for one more; so
/// who steals one reads no more than that. Any thread; used in handshakes only.
public final class TicketKeys: Sendable {
    /// How long a ticket is good.
    static let lifetimeSeconds = 3600

    /// A secret and the name that its tickets bear.
    struct Key: Sendable {
        var name: [UInt8]
        /// 32 bytes for the cipher, 32 for the authentication.
        var secret: [UInt8]
        /// When it began to seal.
        var since: MonotonicTime
    }

    private let keys = Mutex<[Key]>([])

    /// No secret yet; the first handshake makes one.
    public init() {}

    /// The secret to seal with at `now`: a new one where the last is too old. Nil where there is no randomness.
    func sealing(at now: MonotonicTime) -> Key? {
        keys.withLock { keys in
            Self.forget(&keys, at: now)
            if let last = keys.last, Self.age(last, at: now) < Self.lifetimeSeconds { return last }
            guard let name = Self.random(16), let secret = Self.random(64) else { return nil }
            keys.append(Key(name: name, secret: secret, since: now))
            return keys.last
        }
    }

    /// The secret of a ticket that bears `name`, and whether the ticket is to be replaced by one of a newer secret.
    func opening(_ name: [UInt8], at now: MonotonicTime) -> (key: Key, isOld: Bool)? {
        keys.withLock { keys in
            Self.forget(&keys, at: now)
            guard let key = keys.first(where: { $0.name == name }) else { return nil }
            return (key, Self.age(key, at: now) >= Self.lifetimeSeconds)
        }
    }

    private static func forget(_ keys: inout [Key], at now: MonotonicTime) {
        keys.removeAll { age($0, at: now) >= 2 * lifetimeSeconds }
    }

    private static func age(_ key: Key, at now: MonotonicTime) -> Int {
        Int(now.nanoseconds(since: key.since) / 1_000_000_000)
    }

    private static func random(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe RAND_priv_bytes(&bytes, Int32(count)) == 1 ? bytes : nil
    }
}
