internal import Bytes
internal import JSON
internal import Planning

/// The elements of a list: a run of slots.
struct ElementRun {
    var first: Int
    var count: Int
}

/// What a projection kept of one body, together with the body's bytes. Made anew for each body, so that nothing of it
/// changes and reading it costs no reference counting; the slots' storage is used again.
final class ResultBody {
    let projected: ProjectedBody
    /// The bytes that the slots point into.
    let text: ByteBuffer

    /// Reads `body` as the shape wants it; nil where it is no JSON, or nested too deeply.
    init?(_ body: ByteBuffer, _ shape: Shape, into projected: ProjectedBody) {
        self.projected = projected
        text = body
        do throws(JSONError) {
            try Projection.run(shape, over: body, into: projected)
        } catch {
            return nil
        }
    }

    /// One empty record of `slots` slots.
    init(record slots: Int) {
        projected = ProjectedBody()
        text = ByteBuffer(capacity: 16)
        projected.reset(recordOf: slots)
    }

    /// The value of the whole body.
    var root: Slot { projected.root }

    /// Slot `index` of a record; missing for an object of which nothing was kept.
    @inline(__always) func slot(_ record: Int, _ index: Int) -> Slot {
        record < 0 ? .missing : projected.slot(record: record, member: index)
    }

    /// Where an object's record begins; −1 for one of which nothing was kept.
    @inline(__always) func record(of slot: Slot) -> Int { projected.record(of: slot) ?? -1 }

    /// The elements of a list.
    @inline(__always) func elements(of slot: Slot) -> ElementRun {
        let range = projected.elements(of: slot)
        return ElementRun(first: range.lowerBound, count: range.count)
    }

    @inline(__always) func element(_ run: ElementRun, _ index: Int) -> Slot { projected[run.first + index] }

    /// What is joined at slot `index` of a record: an index in `CallResults.joins`, or −1.
    func join(_ record: Int, _ index: Int) -> Int {
        let slot = slot(record, index)
        return slot.kind == .joined ? Int(slot.payload) : -1
    }

    /// Joins at slot `index` of a record.
    func setJoin(_ record: Int, _ index: Int, _ join: Int) {
        guard record >= 0 else { return }
        projected.setSlot(record: record, member: index, .joined(tag: 0, payload: UInt32(truncatingIfNeeded: join)))
    }

    /// Whether a string is the name of an enum's value.
    func holdsName(of values: EnumerationValues, _ slot: Slot) -> Bool {
        let text = text
        guard slot.flags.contains(.escaped) else { return values.contains(slot.bytes(in: text)) }
        let plain = unescaped(slot)
        return values.contains(plain.bytes)
    }

    /// The selection for an object whose kind stands in `slot`.
    func selection(of abstract: AbstractSelection, forKind slot: Slot) -> ObjectSelection? {
        let text = text
        switch slot.kind {
        case .string where slot.flags.contains(.escaped):
            let plain = unescaped(slot)
            return abstract.selection(forString: plain.bytes)
        case .string: return abstract.selection(forString: slot.bytes(in: text))
        case .number, .true, .false: return abstract.selection(forLiteral: slot.bytes(in: text))
        default: return nil
        }
    }

    private func unescaped(_ slot: Slot) -> ByteBuffer {
        let plain = ByteBuffer(capacity: Int(slot.length))
        slot.appendString(in: text, to: plain)
        return plain
    }
}
