/// Bounds the calls of one upstream that are under way at once, and how many more may wait for a place.
///
/// Counts and order only: who waits keeps its own way of being woken, by ticket. Places are handed over first come,
/// first served. A value without clock or lock.
public struct Bulkhead: Sendable {
    /// Names one waiting call; never used twice by the same bulkhead.
    public struct Ticket: Hashable, Comparable, Sendable {
        let number: UInt64

        /// Whether `left` began to wait before `right`.
        public static func < (left: Ticket, right: Ticket) -> Bool { left.number < right.number }
    }

    /// The answer to a call that wants a place.
    public enum Entry: Hashable, Sendable {
        /// It has one; `leave` gives it back.
        case admitted
        /// It waits until `leave` returns its ticket, or `cancel`s.
        case queued(Ticket)
        /// Too many wait already.
        case refused
    }

    /// Calls under way at once, at most. Made less, it is kept to as calls leave.
    public var limit: Int
    /// Calls that may wait.
    public let queue: Int
    /// Calls under way.
    public private(set) var inFlight = 0
    private var waiting: [Ticket] = []
    /// Where the queue begins in `waiting`: tickets before it have been handed out.
    private var head = 0
    private var lastNumber: UInt64 = 0

    /// An empty bulkhead.
    public init(max: Int = 256, queue: Int = 64) {
        limit = Swift.max(max, 1)
        self.queue = Swift.max(queue, 0)
    }

    /// Calls waiting for a place.
    public var waitingCount: Int { waiting.count - head }

    /// Asks for a place.
    public mutating func enter() -> Entry {
        if inFlight < limit {
            inFlight += 1
            return .admitted
        }
        guard waitingCount < queue else { return .refused }
        lastNumber += 1
        let ticket = Ticket(number: lastNumber)
        waiting.append(ticket)
        return .queued(ticket)
    }

    /// Gives a place back.
    /// - Returns: who has it now. That call is under way from here on, and leaves in its turn.
    public mutating func leave() -> Ticket? {
        inFlight = Swift.max(inFlight - 1, 0)
        return grant()
    }

    /// Gives a free place to who waits longest: there may be one after `limit` has been made more.
    /// - Returns: who has it now; nil where none is free or nobody waits.
    public mutating func grant() -> Ticket? {
        guard inFlight < limit, head < waiting.count else { return nil }
        inFlight += 1
        let next = waiting[head]
        head += 1
        if head == waiting.count || head > 64 {
            waiting.removeFirst(head)
            head = 0
        }
        return next
    }

    /// Takes a waiting call out of the queue.
    /// - Returns: false if it doesn't wait any more: it has been given a place, and must leave.
    public mutating func cancel(_ ticket: Ticket) -> Bool {
        // Tickets only ever grow, so the queue is sorted.
        var low = head
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle] < ticket { low = middle + 1 } else { high = middle }
        }
        guard low < waiting.count, waiting[low] == ticket else { return false }
        waiting.remove(at: low)
        return true
    }
}
