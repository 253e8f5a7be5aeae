internal import Bytes
internal import GraphQL
internal import JSON
internal import Planning

/// Completes values and writes the answer in one pass (GraphQL §6.4.3), straight from the slots of the projections
/// into the output.
///
/// Where a Non-Null position gets null, what was written since the nearest nullable ancestor is taken back and `null`
/// written there. Every `complete…` function leaves a value or `null` in the output and says true, or says false:
/// nothing may stand at its place, and its caller takes back what it wrote. Recursion goes as deep as the selection,
/// which the limits bound.
final class ResponseWriter {
    let tables: PlanTables
    let output: ByteBuffer
    /// What the calls answered.
    let results: CallResults
    /// Writes introspection fields, from these variables.
    let introspect: IntrospectionRenderer?
    let variables: CoercedVariables
    /// For each of the tables' uncertain fields, why its arguments are refused.
    let refusals: [Issue?]
    /// Errors and served fallbacks in response order.
    var notes: [ResponseNote] = []
    /// For each dropped field of the plan, whether it counts.
    var droppedSeen: [Bool]

    /// A writer for one answer.
    /// - Parameter dropped: for each dropped field of the plan, whether it counts in any case.
    init(
        _ tables: PlanTables, _ results: CallResults, to output: ByteBuffer, dropped: [Bool] = [],
        introspect: IntrospectionRenderer? = nil, variables: CoercedVariables = [:], refusals: [Issue?] = []
    ) {
        self.tables = tables
        self.results = results
        self.output = output
        self.introspect = introspect
        self.variables = variables
        self.refusals = refusals
        droppedSeen = dropped
    }

    // MARK: Objects

    /// Writes the object whose record begins at `record`.
    func completeObject(_ selectionIndex: Int, _ body: ResultBody, record: Int) -> Bool {
        let selection = tables.selections[selectionIndex]
        output.append(UInt8(ascii: "{"))
        let first = Int(selection.firstField)
        let count = Int(selection.fieldCount)
        let fields = unsafe tables.fields.elements(from: first, count: count)
        let text = body.text
        // Behind the comma of the first field's key.
        var comma = 1
        for offset in 0..<count {
            let field = unsafe fields + offset
            let key = unsafe Int(field.pointee.keyStart) &+ comma
            let keyCount = unsafe Int(field.pointee.keyCount) &- comma
            comma = 0
            if unsafe field.pointee.verbatim.kinds != 0 {
                let slot = body.slot(record, unsafe Int(field.pointee.first))
                if unsafe field.pointee.verbatim.contain(slot) {
                    tables.text.appendMember(from: key, count: keyCount, slot, of: text, to: output)
                    continue
                }
            }
            tables.text.appendShort(from: key, count: keyCount, to: output)
            let known = notes.count
            let isDone = completeField(unsafe field.pointee, body, record: record)
            if notes.count != known { addToPaths(.field(first + offset), since: known) }
            if !isDone { return false }
        }
        output.append(UInt8(ascii: "}"))
        return true
    }

    private func completeField(_ field: FieldEntry, _ body: ResultBody, record: Int) -> Bool {
        switch field.source {
        case .slot:
            let known = notes.count
            let isDone = complete(Int(field.type), body, slot: body.slot(record, Int(field.first)))
            if notes.count != known { addToPointers(steps: Int(field.second), 1, since: known) }
            return isDone
        case .path:
            return completePath(Int(field.type), body, record: record, steps: Int(field.first), Int(field.second))
        case .fetch:
            return completeJoin(field, body.join(record, Int(field.first)))
        case .typeName:
            tables.text.append(from: Int(field.first), count: Int(field.second), to: output)
            return true
        case .dropped:
            if Int(field.first) < droppedSeen.count { droppedSeen[Int(field.first)] = true }
            output.append("null")
            return true
        case .denied:
            note(.denied(isAnonymous: field.first == 1), inBody: false)
            return afterError(tables.types[Int(field.type)])
        case .introspection:
            return completeIntrospection(tables.introspections[Int(field.first)])
        case .uncertain:
            if let refusal = refusals[Int(field.first)] {
                note(refusal, inBody: false)
                return afterError(tables.types[Int(field.type)])
            }
            return completeField(tables.uncertain[Int(field.first)].entry, body, record: record)
        }
    }

    // MARK: Values

    /// Completes the value in `slot` as the type at `typeIndex`.
    func complete(_ typeIndex: Int, _ body: ResultBody, slot: Slot) -> Bool {
        let type = tables.types[typeIndex]
        if slot.isNullOrMissing { return completeNull(type) }
        switch type.form {
        case .object:
            guard slot.kind == .object else { return mismatch(type, slot) }
            let start = output.count
            let known = notes.count
            return completeObject(Int(type.child), body, record: body.record(of: slot))
                || takeBack(type, to: start, notes: known)
        case .list:
            guard slot.kind == .list else { return mismatch(type, slot) }
            return completeList(type, body, slot: slot)
        case .abstract:
            guard slot.kind == .object else { return mismatch(type, slot) }
            return completeAbstract(type, body, slot: slot)
        case .custom:
            output.append(slot, of: body.text)
            return true
        default:
            return completeLeaf(type, body, slot: slot) || mismatch(type, slot)
        }
    }

    private func completeLeaf(_ type: TypeEntry, _ body: ResultBody, slot: Slot) -> Bool {
        switch (type.form, slot.kind) {
        case (.string, .string), (.id, .string), (.boolean, .true), (.boolean, .false):
            output.append(slot, of: body.text)
            return true
        case (.int, .number):
            return appendInt(slot, of: body.text)
        case (.float, .number):
            guard slot.isFiniteDouble(in: body.text) else { return false }
            output.append(slot, of: body.text)
            return true
        case (.id, .number):
            return appendNumericID(slot, of: body.text)
        case (.enumeration, .string):
            guard body.holdsName(of: tables.enumerations[Int(type.child)], slot) else { return false }
            output.append(slot, of: body.text)
            return true
        default: return false
        }
    }

    /// An integral number in 32 bits; `1.0` counts and is answered as `1`.
    private func appendInt(_ slot: Slot, of text: ByteBuffer) -> Bool {
        if slot.flags.isEmpty, slot.length < 10 {
            output.append(slot, of: text)
            return true
        }
        guard let value = slot.int32(in: text) else { return false }
        output.append(decimal: Int(value))
        return true
    }

    /// An integral number, answered as a string.
    private func appendNumericID(_ slot: Slot, of text: ByteBuffer) -> Bool {
        let start = output.count
        output.append(UInt8(ascii: "\""))
        guard slot.appendCanonicalInteger(in: text, to: output) else {
            output.truncate(to: start)
            return false
        }
        output.append(UInt8(ascii: "\""))
        return true
    }

    private func completeList(_ type: TypeEntry, _ body: ResultBody, slot: Slot) -> Bool {
        let items = body.elements(of: slot)
        let count = min(items.count, Int(type.cap))
        let start = output.count
        let knownBefore = notes.count
        let itemType = Int(type.child)
        output.append(UInt8(ascii: "["))
        for index in 0..<count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let known = notes.count
            let isDone = complete(itemType, body, slot: body.element(items, index))
            if notes.count != known {
                addToPaths(.item(index), since: known)
                addToPointers("\(index)", since: known)
            }
            if !isDone { return takeBack(type, to: start, notes: knownBefore) }
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    private func completeAbstract(_ type: TypeEntry, _ body: ResultBody, slot: Slot) -> Bool {
        let record = body.record(of: slot)
        switch tables.resolve(Int(type.child), body, record: record) {
        case .selection(let selection):
            let start = output.count
            let known = notes.count
            return completeObject(selection, body, record: record) || takeBack(type, to: start, notes: known)
        case .unknown(let found, let reached):
            let abstract = tables.abstracts[Int(type.child)]
            let known = notes.count
            note(
                Issue(
                    code: .typeMismatch,
                    message: "the kind of \(tables.abstractSelections[Int(type.child)].typeName) is missing or unknown",
                    details: .mismatch(
                        expected: "a kind of \(tables.abstractSelections[Int(type.child)].typeName)",
                        found: found.rawValue)),
                inBody: true)
            addToPointers(steps: Int(abstract.firstStep), reached, since: known)
            return afterError(type)
        }
    }

    // MARK: Nulls and errors

    /// A null came up from below: what was written since `start` goes, with the fallbacks that stood there.
    func takeBack(_ type: TypeEntry, to start: Int, notes known: Int) -> Bool {
        output.truncate(to: start)
        if notes[known...].contains(where: \.isFallback) {
            notes.replaceSubrange(known..., with: notes[known...].filter { !$0.isFallback })
        }
        if type.isNonNull { return false }
        output.append("null")
        return true
    }

    /// A null without an error of its own.
    func completeNull(_ type: TypeEntry) -> Bool {
        if !type.isNonNull {
            output.append("null")
            return true
        }
        note(.mismatch(expected: tables.expectation(of: type), found: "null"), inBody: true)
        return false
    }

    /// A null whose error has been noted.
    func afterError(_ type: TypeEntry) -> Bool {
        if type.isNonNull { return false }
        output.append("null")
        return true
    }

    private func mismatch(_ type: TypeEntry, _ slot: Slot) -> Bool {
        var issue = Issue.mismatch(expected: tables.expectation(of: type), found: JSONKind(slot.kind).rawValue)
        if case .enumeration = type.form, case .string = slot.kind { issue.message += " that is none of its values" }
        note(issue, inBody: true)
        return afterError(type)
    }

    /// Most errors that one answer reports: an upstream's list of millions of wrong values must not make an answer of
    /// gigabytes. Positions beyond are null all the same.
    static let maximumErrors = 10_000

    /// Notes an error at the position that is being written.
    /// - Parameters:
    ///   - inBody: whether its pointer goes on while the writer returns.
    ///   - pointer: what the pointer ends in, innermost first.
    func note(_ issue: Issue, inBody: Bool, pointer: [String] = []) {
        guard notes.count < Self.maximumErrors else { return }
        notes.append(ResponseNote(kind: .error(issue), pointer: pointer, isPointerOpen: inBody))
    }
}
