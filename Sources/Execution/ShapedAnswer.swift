public import Bytes
internal import JSON
public import Planning

/// A shaped REST door laid out for writing: made once when the door is, for any number of threads.
public final class ExecutableDoor: Sendable {
    /// The door that it answers for.
    public let door: ShapedDoor
    let object: PlanTables
    let list: PlanTables

    /// Lays out `door`.
    public init(_ door: ShapedDoor) {
        self.door = door
        object = PlanTables(root: door.object, fetches: [])
        list = PlanTables(root: door.list, fetches: [])
    }
}

/// What came of writing a shaped answer.
public enum ShapedOutcome: Equatable, Sendable {
    /// The answer is in the output.
    case written
    /// The upstream's content is not JSON (`UPSTREAM_INVALID_BODY`).
    case invalidContent
    /// The content is JSON of another form than the type has, and no nullable position takes that up
    /// (`TYPE_MISMATCH`).
    case mismatch(expected: String, found: String)
}

/// Writes an upstream's JSON in the shape of a door's type. One per shard, on its thread; used again and again.
public final class ShapedAnswerWriter {
    private let storage = ProjectedBody()
    private let results = CallResults()

    /// A writer.
    public init() {}

    /// Writes `content` behind what `output` holds: an object as the type's object, a list item by item, null as
    /// null. Where it can't be, nothing is left in the output. A value of another kind than its field's is null at the
    /// nearest nullable position, as in a GraphQL answer.
    public func write(_ content: ByteBuffer, as door: ExecutableDoor, to output: ByteBuffer) -> ShapedOutcome {
        defer { storage.shrink(toCapacity: 4096) }
        guard let body = ResultBody(content, door.door.shape, into: storage) else { return .invalidContent }
        if body.root.kind == .null {
            output.append("null")
            return .written
        }
        let tables = body.root.kind == .list ? door.list : door.object
        let writer = ResponseWriter(tables, results, to: output)
        let start = output.count
        if writer.complete(tables.root, body, slot: body.root) { return .written }
        output.truncate(to: start)
        for case .error(let issue) in writer.notes.map(\.kind).reversed() {
            if case .mismatch(let expected, let found) = issue.details {
                return .mismatch(expected: expected, found: found)
            }
        }
        return .mismatch(expected: "object", found: JSONKind(body.root.kind).rawValue)
    }
}
