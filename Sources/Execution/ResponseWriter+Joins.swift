internal import Bytes
internal import JSON
internal import Planning

/// Paths, joined results, and the paths and pointers of notes.
extension ResponseWriter {
    /// Completes the value at the end of a path of several steps.
    func completePath(_ typeIndex: Int, _ body: ResultBody, record: Int, steps first: Int, _ count: Int) -> Bool {
        let known = notes.count
        let end = tables.walk(body, record: record, first: first, count: count)
        return complete(typeIndex, body, end: end, steps: first, count, since: known)
    }

    /// Completes what a path led to, and gives the notes made there the path's part of their pointers.
    private func complete(
        _ typeIndex: Int, _ body: ResultBody, end: PathEnd, steps first: Int, _ count: Int, since known: Int
    ) -> Bool {
        let isDone: Bool
        var reached = count
        switch end {
        case .slot(let slot): isDone = complete(typeIndex, body, slot: slot)
        case .null: isDone = completeNull(tables.types[typeIndex])
        case .mismatch(let slot, let expected, let steps):
            note(.mismatch(expected: expected.rawValue, found: JSONKind(slot.kind).rawValue), inBody: true)
            isDone = afterError(tables.types[typeIndex])
            reached = steps
        }
        if notes.count != known { addToPointers(steps: first, reached, since: known) }
        return isDone
    }

    /// Completes a fetched field from what its call answered.
    func completeJoin(_ field: FieldEntry, _ joinIndex: Int) -> Bool {
        let type = tables.types[Int(field.type)]
        let join = joinIndex >= 0 ? results.joins[joinIndex] : Join(state: .pending)
        switch join.state {
        case .null:
            return completeNull(type)
        case .pending:
            note(Issue(code: .internalError, message: "its value was never fetched"), inBody: false)
            return afterError(type)
        case .refused:
            let issue = results.issues[Int(join.first)]
            note(issue, inBody: issue.parentPointer != nil, pointer: issue.parentPointer ?? [])
            return afterError(type)
        case .whole, .matches:
            return completeResult(field, type, join)
        }
    }

    private func completeResult(_ field: FieldEntry, _ type: TypeEntry, _ join: Join) -> Bool {
        if let trouble = results.results[Int(join.result)].trouble {
            if let failure = trouble.failure {
                if trouble.isQuietAtNullable, !type.isNonNull {
                    output.append("null")
                    return true
                }
                note(failure, inBody: false)
                return afterError(type)
            }
            if let fallback = trouble.fallback { notes.append(ResponseNote(kind: .fallback(fallback))) }
        }
        guard let body = results.results[Int(join.result)].body else { return completeNullBody(type) }
        let known = notes.count
        let at = tables.fetchPaths[Int(field.second)].at
        let end = tables.walk(body, slot: body.root, first: at.lowerBound, count: at.count)
        let isDone =
            join.state == .whole
            ? complete(Int(field.type), body, end: end, steps: at.lowerBound, at.count, since: known)
            : completeMatches(Int(field.type), body, end: end, join, at: at, since: known)
        if notes.count != known { closePointers(since: known) }
        return isDone
    }

    /// There is no body (204, or nothing in it): null, whose pointer is the root of nothing.
    private func completeNullBody(_ type: TypeEntry) -> Bool {
        let known = notes.count
        let isDone = completeNull(type)
        closePointers(since: known)
        return isDone
    }

    /// Completes a field of one parent of a batch from the elements that match it.
    private func completeMatches(
        _ typeIndex: Int, _ body: ResultBody, end: PathEnd, _ join: Join, at: Range<Int>, since known: Int
    ) -> Bool {
        guard case .slot(let slot) = end else {
            return complete(typeIndex, body, end: end, steps: at.lowerBound, at.count, since: known)
        }
        guard slot.kind == .list else {
            let isNull = slot.isNullOrMissing
            let end = isNull ? PathEnd.null : .mismatch(slot: slot, expected: .array, reached: at.count)
            return complete(typeIndex, body, end: end, steps: at.lowerBound, at.count, since: known)
        }
        let items = body.elements(of: slot)
        let type = tables.types[typeIndex]
        let isDone: Bool
        if type.form == .list {
            isDone = completeMatchList(type, body, items, join)
        } else {
            let element = Int(results.matches[Int(join.first)])
            isDone = complete(typeIndex, body, slot: body.element(items, element))
            if notes.count != known { addToPointers("\(element)", since: known) }
        }
        if notes.count != known { addToPointers(steps: at.lowerBound, at.count, since: known) }
        return isDone
    }

    private func completeMatchList(_ type: TypeEntry, _ body: ResultBody, _ items: ElementRun, _ join: Join) -> Bool {
        let start = output.count
        let knownBefore = notes.count
        output.append(UInt8(ascii: "["))
        for index in 0..<min(Int(join.count), Int(type.cap)) {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let known = notes.count
            let element = Int(results.matches[Int(join.first) + index])
            let isDone = complete(Int(type.child), body, slot: body.element(items, element))
            if notes.count != known {
                addToPaths(.item(index), since: known)
                addToPointers("\(element)", since: known)
            }
            if !isDone { return takeBack(type, to: start, notes: knownBefore) }
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    // MARK: Paths and pointers of notes

    /// Adds `part` to the path of every note since `known`.
    func addToPaths(_ part: ResponseNote.PathPart, since known: Int) {
        for index in known..<notes.count { notes[index].path.append(part) }
    }

    /// Adds a reference token to every pointer since `known` that isn't at the root of its body yet.
    func addToPointers(_ token: String, since known: Int) {
        for index in known..<notes.count where notes[index].isPointerOpen { notes[index].pointer.append(token) }
    }

    /// Adds the steps of a path, last first, likewise.
    func addToPointers(steps first: Int, _ count: Int, since known: Int) {
        for step in stride(from: first + count - 1, through: first, by: -1) {
            addToPointers(Self.token(of: tables.steps[step]), since: known)
        }
    }

    /// The pointers since `known` have reached the root of their upstream's body.
    private func closePointers(since known: Int) {
        for index in known..<notes.count { notes[index].isPointerOpen = false }
    }

    /// A path step as a reference token.
    static func token(of step: PathStep) -> String {
        switch step {
        case .member(let name, _): name
        case .element(let index): "\(index)"
        }
    }
}
