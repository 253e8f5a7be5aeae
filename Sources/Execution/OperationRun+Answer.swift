public import Bytes
internal import GraphQL
internal import JSON
internal import Planning

/// The answer, when all calls have ended.
extension OperationRun {
    /// Writes `{"data":…,"errors":[…],"extensions":{…}}` behind what `output` holds; `errors` and `extensions` only
    /// where there is something to say. Call it once, after the completion and before `finish`.
    /// - Parameter extend: appends more members of `extensions`, each as `"name":value`.
    /// - Returns: how many errors the answer has.
    @discardableResult
    public func writeAnswer(to output: ByteBuffer, extend: ((ByteBuffer) -> Void)? = nil) -> Int {
        let writer = ResponseWriter(
            plan.tables, results, to: output, dropped: plan.plan.dropped.map { !$0.isConditional },
            introspect: plan.introspect, variables: variables, refusals: refusals)
        output.append("{\"data\":")
        let root = plan.tables.types[plan.tables.root]
        let start = output.count
        if !writer.completeObject(Int(root.child), rootBody, record: rootBody.record(of: rootBody.root)) {
            _ = writer.takeBack(TypeEntry.nullableRoot, to: start, notes: 0)
        }
        let errors = writer.notes.count { !$0.isFallback }
        if errors > 0 { appendErrors(writer.notes, to: output) }
        appendExtensions(of: writer, extend, to: output)
        output.append(UInt8(ascii: "}"))
        return errors
    }

    private func appendErrors(_ notes: [ResponseNote], to output: ByteBuffer) {
        output.append(",\"errors\":[")
        var locations: [Int: [Location]] = [:]
        var isFirst = true
        for note in notes {
            guard case .error(let issue) = note.kind else { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            append(note, issue, &locations, to: output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private func append(
        _ note: ResponseNote, _ issue: Issue, _ known: inout [Int: [Location]], to output: ByteBuffer
    ) {
        // The innermost field of the path is the one that the error is about.
        let field = note.path.lazy.compactMap { if case .field(let index) = $0 { index } else { nil } }.first
        output.append("{\"message\":")
        let coordinate = field.map { plan.tables.plannedFields[$0].coordinate + ": " } ?? ""
        output.appendJSONString(coordinate + issue.message)
        if let field {
            // Working out a location takes time linear in the document: once per field is enough.
            let places = known[field] ?? plan.plan.locations(of: plan.tables.plannedFields[field])
            known[field] = places
            output.append(locations: places)
        }
        output.append(",\"path\":")
        appendPath(of: note, to: output)
        output.append(",\"extensions\":{\"code\":\"")
        output.append(issue.code.rawValue)
        output.append(UInt8(ascii: "\""))
        append(issue.details, note, to: output)
        output.append("}}")
    }

    private func appendPath(of note: ResponseNote, to output: ByteBuffer) {
        output.append(UInt8(ascii: "["))
        for (index, part) in note.path.reversed().enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            switch part {
            case .field(let field): output.appendJSONString(plan.tables.plannedFields[field].responseKey)
            case .item(let item): output.append(decimal: item)
            }
        }
        output.append(UInt8(ascii: "]"))
    }

    private func append(_ details: Issue.Details, _ note: ResponseNote, to output: ByteBuffer) {
        switch details {
        case .none: return
        case .call(let route, let upstream, let status, let attempts):
            output.append(",\"route\":")
            output.appendJSONString(route)
            output.append(",\"upstream\":")
            output.appendJSONString(upstream)
            if let status {
                output.append(",\"status\":")
                output.append(decimal: status)
            }
            output.append(",\"attempts\":")
            output.append(decimal: attempts)
        case .mismatch(let expected, let found):
            output.append(",\"expected\":")
            output.appendJSONString(expected)
            output.append(",\"found\":")
            output.appendJSONString(found)
            output.append(",\"pointer\":")
            output.appendJSONString(note.pointerText)
        }
    }

    private func appendExtensions(
        of writer: ResponseWriter, _ extend: ((ByteBuffer) -> Void)?, to output: ByteBuffer
    ) {
        let start = output.count
        output.append(",\"extensions\":{")
        let empty = output.count
        let dropped = plan.plan.droppedOrder.filter { writer.droppedSeen[$0] }
        if !dropped.isEmpty {
            output.append("\"profile\":{\"dropped\":[")
            for (position, index) in dropped.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                output.appendJSONString(plan.plan.dropped[index].coordinate)
            }
            output.append("]}")
        }
        appendFallbacks(writer.notes, after: empty, to: output)
        if let extend {
            if output.count > empty { output.append(UInt8(ascii: ",")) }
            extend(output)
        }
        if output.count == empty { output.truncate(to: start) } else { output.append(UInt8(ascii: "}")) }
    }

    private func appendFallbacks(_ notes: [ResponseNote], after empty: Int, to output: ByteBuffer) {
        var isFirst = true
        for note in notes {
            guard case .fallback(let fallback) = note.kind else { continue }
            if isFirst { output.append(output.count > empty ? ",\"fallbacks\":[" : "\"fallbacks\":[") }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append("{\"path\":")
            appendPath(of: note, to: output)
            output.append(",\"route\":")
            output.appendJSONString(fallback.route)
            switch fallback.kind {
            case .value: output.append(",\"kind\":\"value\"}")
            case .stale(let age):
                output.append(",\"kind\":\"stale\",\"age\":")
                output.append(decimal: age)
                output.append("}")
            }
        }
        if !isFirst { output.append(UInt8(ascii: "]")) }
    }
}

extension TypeEntry {
    /// What `data` is: null may stand there.
    static let nullableRoot = TypeEntry(form: .object, isNonNull: false, containsFetch: true, child: -1, cap: .max)
}

extension ResponseNote {
    /// The pointer as RFC 6901 writes it.
    var pointerText: JSONPointer {
        var text = JSONPointer()
        for token in pointer.reversed() { text.append(member: token) }
        return text
    }
}
