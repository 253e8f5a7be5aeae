internal import Bytes
internal import EventLoop
internal import Synchronization

/// A call on the wire that others may wait for. Each call that can lead has one and uses it again.
///
/// Its loop fills the key in before the flight is in the table; from then until it is taken out, everything here is
/// touched under the table's lock only.
final class Flight: @unchecked Sendable {
    /// The leader's loop.
    let loop: EventLoop
    /// What tells it from others; see `CallKey`.
    let key = ByteBuffer(capacity: 256)
    /// The key's hash.
    var hash = 0
    /// Which of the flights it is that are made with this object, one after the other.
    fileprivate(set) var number: UInt64 = 0
    fileprivate var followers: [Follower] = []
    /// Whether the leader's client has left: the call goes on for the followers only.
    fileprivate var isLeaderGone = false
    /// Called on `loop` with the flight's number when its leader has gone and the last follower leaves.
    fileprivate let abandoned: LoopConfined<(UInt64) -> Void>

    init(_ loop: EventLoop, abandoned: @escaping (UInt64) -> Void) {
        self.loop = loop
        self.abandoned = LoopConfined(abandoned, to: loop)
    }

    fileprivate func isSame(as other: Flight) -> Bool {
        let (mine, others) = (key, other.key)
        return mine.bytes.equals(others.bytes)
    }
}

/// Who waits for a flight, and what is called on its loop when the flight has landed.
struct Follower: Sendable {
    /// Names it; never used twice.
    fileprivate(set) var ticket: UInt64 = 0
    let loop: EventLoop
    let landed: LoopConfined<(UInt64, Landing) -> Void>
}

/// How a flight ended for its followers.
enum Landing: Sendable {
    /// With an answer, after so many tries.
    case answer(SharedAnswer, attempts: Int, AnswerSource)
    /// Without.
    case failed(CallFailure)
}

/// The calls of all shards that are on the wire and may be shared. Any thread; each operation takes a short lock, which
/// only calls with a hash of the same rest wait for.
final class FlightTable: Sendable {
    /// What came of asking for a call's answer.
    enum Entry {
        /// Nobody is asking: the caller leads, and `land`s or `detach`es.
        case leads
        /// Somebody is: the follower that was made is told.
        case follows(UInt64, Flight)
        /// Another key has the same hash, so the call goes by itself; or there is no follower.
        case alone
    }

    private struct Stripe {
        var flights: [Int: Flight] = [:]
        var lastTicket: UInt64 = 0
    }

    private let stripes: InlineArray<16, Mutex<Stripe>>

    init() {
        stripes = InlineArray { _ in Mutex(Stripe()) }
    }

    private func withStripe<Result: Sendable>(of flight: Flight, _ body: (inout sending Stripe) -> Result) -> Result {
        stripes[flight.hash & 15].withLock { body(&$0) }
    }

    /// Puts `flight` in, or finds the one with the same key that `follower` then waits for; where nobody wants to wait,
    /// that is `alone`.
    func join(_ flight: Flight, follower: (() -> Follower)?) -> Entry {
        withStripe(of: flight) { stripe in
            stripe.lastTicket += 1
            // Usually there is none: so one look at the table has to do.
            guard let known = stripe.flights.updateValue(flight, forKey: flight.hash) else {
                flight.number = stripe.lastTicket
                flight.isLeaderGone = false
                return .leads
            }
            stripe.flights[flight.hash] = known
            guard known.isSame(as: flight), var follower = follower?() else { return .alone }
            follower.ticket = stripe.lastTicket
            known.followers.append(follower)
            return .follows(follower.ticket, known)
        }
    }

    /// Takes the caller's own flight out.
    /// - Returns: who waits for it.
    func land(_ flight: Flight) -> [Follower] {
        withStripe(of: flight) { stripe in
            // Usually it is there: so one look at the table has to do.
            guard let known = stripe.flights.removeValue(forKey: flight.hash) else { return [] }
            guard known === flight else {
                stripe.flights[flight.hash] = known
                return []
            }
            guard !flight.followers.isEmpty else { return [] }
            defer { flight.followers = [] }
            return flight.followers
        }
    }

    /// The leader's client leaves.
    /// - Returns: whether somebody waits, so that the call must go on; otherwise the flight is taken out.
    func detach(_ flight: Flight) -> Bool {
        withStripe(of: flight) { stripe in
            if flight.followers.isEmpty {
                if stripe.flights[flight.hash] === flight { stripe.flights[flight.hash] = nil }
                return false
            }
            flight.isLeaderGone = true
            return true
        }
    }

    /// A follower leaves. The last one to leave a flight without a leader ends it.
    /// - Parameter hash: the hash of the flight's key. The flight itself may have landed and begun anew meanwhile.
    func leave(_ flight: Flight, hash: Int, ticket: UInt64) {
        let abandoned: UInt64? = stripes[hash & 15].withLock { stripe in
            guard stripe.flights[hash] === flight,
                let index = flight.followers.firstIndex(where: { $0.ticket == ticket })
            else { return nil }
            flight.followers.remove(at: index)
            guard flight.followers.isEmpty, flight.isLeaderGone else { return nil }
            stripe.flights[hash] = nil
            return flight.number
        }
        guard let abandoned else { return }
        flight.loop.execute { flight.abandoned.unwrapped(abandoned) }
    }
}
