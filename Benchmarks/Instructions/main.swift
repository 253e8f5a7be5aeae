// The parts of the gateway's work, one after the other. `Benchmarks/Instructions/run` runs it under callgrind and
// compares the counts with `ceilings.txt`; by itself it prints how long each part takes.
//
//     InstructionBenchmark [PART [RUNS]]

import Glibc

/// Callgrind writes its counters down and starts anew wherever this is called.
@inline(never) func mark() { _ = getpid() }

let arguments = CommandLine.arguments.dropFirst()
let parts = try Workload().parts.filter { part in arguments.first.map { part.name == $0 } ?? true }
let clock = ContinuousClock()
for part in parts {
    let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? part.runs
    // What is made once, such as buffers that grow, is made before.
    for _ in 0..<20 { part.work() }
    let started = clock.now
    mark()
    for _ in 0..<runs { part.work() }
    mark()
    print("\(part.name)\t\(runs)\t\((clock.now - started) / runs)")
}
