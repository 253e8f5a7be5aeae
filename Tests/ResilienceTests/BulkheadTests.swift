import Resilience
import TestSupport
import Testing

@Suite("Bulkhead")
struct BulkheadTests {
    @Test func `calls pass, wait, and are refused, in this order`() {
        var bulkhead = Bulkhead(max: 1, queue: 2)
        #expect(bulkhead.enter() == .admitted)
        guard case .queued(let first) = bulkhead.enter(), case .queued(let second) = bulkhead.enter() else {
            Issue.record("not queued")
            return
        }
        #expect(bulkhead.enter() == .refused)
        #expect(bulkhead.leave() == first)
        #expect(bulkhead.inFlight == 1 && bulkhead.waitingCount == 1)
        #expect(bulkhead.leave() == second)
        #expect(bulkhead.leave() == nil)
        #expect(bulkhead.inFlight == 0)
    }

    @Test func `a cancelled call loses its turn, one that has its place does not`() {
        var bulkhead = Bulkhead(max: 1, queue: 2)
        _ = bulkhead.enter()
        guard case .queued(let first) = bulkhead.enter(), case .queued(let second) = bulkhead.enter() else {
            Issue.record("not queued")
            return
        }
        #expect(bulkhead.cancel(first) == true)
        #expect(bulkhead.cancel(first) == false)
        #expect(bulkhead.leave() == second)
        #expect(bulkhead.cancel(second) == false)
        #expect(bulkhead.inFlight == 1)
    }

    @Test(arguments: Seeded.seeds(20))
    func `no place is lost, none is given twice, and turns are kept`(seed: UInt64) {
        var random = Seeded(seed)
        let limit = Int.random(in: 1...5, using: &random)
        var bulkhead = Bulkhead(max: limit, queue: Int.random(in: 0...200, using: &random))
        var inFlight = 0
        var waiting: [Bulkhead.Ticket] = []
        for step in 0..<3000 {
            let draw = Int.random(in: 0..<10, using: &random)
            if draw < (step / 500 % 2 == 0 ? 6 : 3) {
                switch bulkhead.enter() {
                case .admitted: inFlight += 1
                case .queued(let ticket): waiting.append(ticket)
                case .refused: #expect(waiting.count == bulkhead.queue, "step \(step), \(random)")
                }
            } else if draw < 9 || waiting.isEmpty {
                guard inFlight > 0 else { continue }
                let next = bulkhead.leave()
                #expect(next == waiting.first, "step \(step), \(random)")
                if next == nil { inFlight -= 1 } else { waiting.removeFirst() }
            } else {
                let ticket = waiting.remove(at: Int.random(in: waiting.indices, using: &random))
                #expect(bulkhead.cancel(ticket) == true, "step \(step), \(random)")
            }
            #expect(bulkhead.inFlight == inFlight && inFlight <= limit, "step \(step), \(random)")
            #expect(bulkhead.waitingCount == waiting.count, "step \(step), \(random)")
            #expect(waiting.isEmpty || inFlight == limit, "step \(step), \(random)")
        }
    }
}

@Suite("Bulkhead with a limit that moves")
struct MovingBulkheadTests {
    @Test func `places that come free with a higher limit go to who waits`() {
        var bulkhead = Bulkhead(max: 1, queue: 5)
        _ = bulkhead.enter()
        let tickets = (0..<3).compactMap { _ in
            if case .queued(let ticket) = bulkhead.enter() { ticket } else { nil as Bulkhead.Ticket? }
        }
        bulkhead.limit = 3
        #expect(bulkhead.grant() == tickets[0])
        #expect(bulkhead.grant() == tickets[1])
        #expect(bulkhead.grant() == nil)
        #expect(bulkhead.inFlight == 3 && bulkhead.waitingCount == 1)
    }

    @Test(arguments: Seeded.seeds(20))
    func `every place is returned, and none is given beyond the limit`(seed: UInt64) {
        var random = Seeded(seed)
        var bulkhead = Bulkhead(max: 4, queue: 50)
        var inFlight = 0
        var waiting: [Bulkhead.Ticket] = []
        func granted(_ ticket: Bulkhead.Ticket?) {
            guard let ticket else { return }
            #expect(ticket == waiting.first, "\(random)")
            waiting.removeFirst()
            inFlight += 1
            #expect(inFlight <= bulkhead.limit, "\(random)")
        }
        for step in 0..<4000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                bulkhead.limit = Int.random(in: 1...8, using: &random)
                while let ticket = bulkhead.grant() { granted(ticket) }
            case 1...5:
                switch bulkhead.enter() {
                case .admitted:
                    inFlight += 1
                    #expect(inFlight <= bulkhead.limit, "step \(step), \(random)")
                case .queued(let ticket): waiting.append(ticket)
                case .refused: #expect(waiting.count == 50, "step \(step), \(random)")
                }
            case 6 where !waiting.isEmpty:
                let ticket = waiting.remove(at: Int.random(in: waiting.indices, using: &random))
                #expect(bulkhead.cancel(ticket) == true, "step \(step), \(random)")
            default:
                guard inFlight > 0 else { continue }
                inFlight -= 1
                granted(bulkhead.leave())
            }
            #expect(bulkhead.inFlight == inFlight && bulkhead.waitingCount == waiting.count, "step \(step), \(random)")
        }
        while inFlight > 0 {
            inFlight -= 1
            granted(bulkhead.leave())
        }
        #expect(bulkhead.inFlight == 0 && waiting.isEmpty, "\(random)")
    }
}
