// JSONBenchmark FILE [skip|half|keep|write] [ITERATIONS]: projects the file over and over and prints the best speed of a run.
// `skip` wants nothing of it, `keep` every member of every object, `half` every other one;
// `write` keeps every member and copies each string, number and literal into an answer. To count instructions, run N and 3N iterations
// under `valgrind --tool=callgrind` and divide the difference by 2N times the file's size.
import Bytes
import Glibc
import JSON

/// Wants every `step`th member, from the first on, of every object in the value that is read next.
func want(_ cursor: inout JSONCursor, _ node: ShapeBuilder.Node, every step: Int) throws {
    switch cursor.nextKind {
    case .object:
        try cursor.enterObject()
        var index = 0
        while let name = try cursor.nextMember() {
            if index % step == 0 {
                try want(&cursor, node.member(name.string(in: cursor.body) ?? ""), every: step)
            } else {
                _ = try cursor.value()
            }
            index += 1
        }
    case .list:
        try cursor.enterList()
        while try cursor.nextElement() { try want(&cursor, node.elements(), every: step) }
    default: _ = try cursor.value()
    }
}

/// Copies every scalar of `result` into `answer`, with commas in between.
func write(_ result: ProjectedBody, _ body: ByteBuffer, _ answer: ByteBuffer) {
    answer.clear()
    for index in 0..<result.slotCount {
        let slot = result[index]
        guard slot.kind != .object, slot.kind != .list, slot.kind != .missing else { continue }
        answer.append(slot, of: body)
        answer.append(UInt8(ascii: ","))
    }
}

func read(_ path: String) -> ByteBuffer {
    let body = ByteBuffer(capacity: 1 << 20)
    let descriptor = unsafe open(path, O_RDONLY)
    while unsafe body.appendUnsafe(
        minimum: 1 << 16, { unsafe max(0, Glibc.read(descriptor, $0.baseAddress, $0.count)) })
        > 0
    {}
    return body
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("usage: JSONBenchmark FILE [skip|half|keep|write] [ITERATIONS]")
    exit(2)
}
let body = read(arguments[1])
let builder = ShapeBuilder()
if arguments.count > 2, arguments[2] != "skip" {
    var cursor = try JSONCursor(body)
    try want(&cursor, builder.root, every: arguments[2] == "half" ? 2 : 1)
}
let shape = builder.build()
let iterations = arguments.count > 3 ? Int(arguments[3]) ?? 1 : max(1, 200_000_000 / max(body.count, 1) / 20)
let result = ProjectedBody()
let answer = ByteBuffer(capacity: body.count)
let writes = arguments.count > 2 && arguments[2] == "write"
var best = 0.0
for _ in 0..<(arguments.count > 3 ? 1 : 20) {
    let elapsed = try ContinuousClock().measure {
        for _ in 0..<iterations {
            try Projection.run(shape, over: body, into: result)
            if writes { write(result, body, answer) }
        }
    }
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    best = max(best, Double(body.count * iterations) / seconds / 1e6)
}
print("\(Int(best)) MB/s, \(body.count) bytes, \(result.slotCount) slots")
