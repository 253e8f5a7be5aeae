public import HTTP
internal import Synchronization

/// How many connections there may be, over all servers that share it.
public final class ConnectionLimit: Sendable {
    private let limit: Atomic<Int>
    private let count = Atomic<Int>(0)

    /// A limit that nothing counts against yet.
    public init(_ maximum: Int) {
        limit = Atomic(maximum)
    }

    /// The most there may be. Where it is set below what there is, none is closed. Any thread.
    public var maximum: Int {
        get { limit.load(ordering: .relaxed) }
        set { limit.store(newValue, ordering: .relaxed) }
    }

    /// How many there are. Any thread.
    public var current: Int { count.load(ordering: .relaxed) }

    /// Counts one more in, unless that is one too many.
    func enter() -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).oldValue < maximum { return true }
        leave()
        return false
    }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// What a server is to keep to. Times in nanoseconds, sizes in bytes.
public struct ServerSettings: Sendable {
    /// How large a request's head may be: over it 414 or 431.
    public var headLimits = HeadLimits()
    /// How many connections may be open; shared where it is to hold over several servers. One too many gets 503 and is
    /// closed.
    public var connections = ConnectionLimit(10_000)
    /// How many of them may come from one address; shared likewise.
    public var addresses = AddressLimit()
    /// How listeners speak TLS; nil = they don't. Another one holds for connections that come after it.
    public var tls: TLSContext?
    /// How many connections may be in their handshake; one too many is dropped.
    public var handshakes = 1024
    /// How long a connection may be without a request; then it is closed without a word.
    public var idleTimeout: UInt64 = 75_000_000_000
    /// From the first byte of a head to its last; then 408. And for a whole TLS handshake; then the connection closes.
    public var headersTimeout: UInt64 = 10_000_000_000
    /// Between two reads of a body that is waited for; then the body has failed with `timedOut`.
    public var bodyTimeout: UInt64 = 30_000_000_000
    /// Between two moments at which the client takes something of an answer; then the connection is cut.
    public var writeTimeout: UInt64 = 30_000_000_000
    /// How long a client that has closed its writing end gets nothing of its answer before it is taken to be gone. Its
    /// end looks the same whether it still reads or not; only writing to it would tell.
    public var departureTimeout: UInt64 = 500_000_000
    /// How long a drain waits for requests under way; then they are cut.
    public var drainTimeout: UInt64 = 30_000_000_000
    /// How long after its last byte an idle connection is kept in a drain, for a request that is on its way; the answer to
    /// it closes the connection.
    public var drainGrace: UInt64 = 500_000_000
    /// How long what a refused client still sends is read off, so that it can read the refusal.
    public var lingerTimeout: UInt64 = 2_000_000_000
    /// How much of a body that nobody read is read off for the sake of the connection; above it the connection closes.
    public var discardLimit = 64 * 1024
    /// How many bytes of an answer may wait for a slow client before `Exchange.write` asks for a pause.
    public var highWater = 64 * 1024
    /// The Server field of answers that have none; nil = none.
    public var serverName: String?

    /// The defaults above.
    public init() {}
}
