import Bytes
import EventLoop
import TestSupport
import Testing

@Suite("Event loop")
struct LoopTests {
    @Test func `work posted from any thread runs on the loop's thread, in order`() throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let seen = Recorder<(Int, Bool)>()
        for number in 0..<100 { loop.execute { seen.add((number, loop.isCurrent)) } }
        let all = seen.wait(count: 100)
        #expect(all.map(\.0) == Array(0..<100))
        #expect(all.count { $0.1 } == 100)
        #expect(!loop.isCurrent)
    }

    @Test func `timers fire in the order of their deadlines, cancelled ones never`() throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let fired = Recorder<Int>()
        try thread.run {
            let keeper = Keeper()
            for number in [3, 1, 5, 2, 4] {
                let timer = LoopTimer(loop) { fired.add(number) }
                timer.schedule(afterNanoseconds: UInt64(number) * 2_000_000)
                if number == 4 { timer.cancel() }
                keeper.timers.append(timer)
            }
        }
        #expect(fired.wait { $0.contains(5) } == [1, 2, 3, 5])
    }

    @Test func `a timer that sets itself to now again leaves the loop its turn`() throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let fired = Recorder<Int>()
        try thread.run {
            let keeper = Keeper()
            let timer = LoopTimer(loop) { [weak keeper] in
                fired.add(1)
                keeper?.timers.first?.schedule(at: loop.now)
            }
            keeper.timers.append(timer)
            timer.schedule(at: loop.now)
            keeper.hold(loop)
        }
        #expect(fired.wait(count: 3).count >= 3)
        let isAlive = try thread.run { true }
        #expect(isAlive)
    }

    @Test func `any sequence of settings leaves the heap in order`() throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let seed = UInt64.random(in: 0 ... .max)
        let fired = Recorder<UInt64>()
        let expected = try thread.run {
            var random = Seeded(seed)
            func next(_ bound: UInt64) -> UInt64 { UInt64.random(in: 0..<bound, using: &random) }
            let base = loop.now
            var deadlines: [Int: UInt64] = [:]
            var timers: [LoopTimer] = []
            for index in 0..<64 {
                timers.append(LoopTimer(loop) { fired.add(UInt64(index)) })
            }
            for _ in 0..<1000 {
                let index = Int(next(64))
                if next(4) == 0 {
                    timers[index].cancel()
                    deadlines[index] = nil
                } else {
                    let deadline = 1 + next(20_000_000)
                    timers[index].schedule(at: base.advanced(byNanoseconds: deadline))
                    deadlines[index] = deadline
                }
            }
            return deadlines.sorted { $0.value < $1.value }.map { UInt64($0.key) }
        }
        #expect(Set(fired.wait(count: expected.count)) == Set(expected), "seed \(seed)")
    }

    @Test func `tasks that prefer the loop run and resume on its thread`() async throws {
        let thread = try LoopThread()
        let loop = thread.loop
        let task = Task(executorPreference: loop) { () async -> [Bool] in
            var places = [loop.isCurrent]
            await Task.yield()
            places.append(loop.isCurrent)
            return places
        }
        #expect(await task.value == [true, true])
    }

    @Test func `what was posted before the stop still runs`() throws {
        let thread = try LoopThread()
        let ran = Recorder<Int>()
        thread.loop.execute { ran.add(1) }
        thread.stop()
        #expect(ran.all == [1])
    }
}

private final class Keeper {
    var timers: [LoopTimer] = []

    /// Lives until a timer far off goes with the loop.
    func hold(_ loop: EventLoop) {
        LoopTimer(loop) { withExtendedLifetime(self) {} }.schedule(afterNanoseconds: 3_600_000_000_000)
    }
}
