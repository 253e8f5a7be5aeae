internal import JSON

/// Finds the parents of the calls below a result: the walk through what the answer will hold, over lists as they are
/// capped, into the selections that objects of abstract types have. It only enters fields that have a call below.
extension OperationRun {
    /// Gathers below a whole result, once for each field that shares it.
    func gather(_ resultIndex: Int, field: Int, fetch: Int) {
        guard let body = results.results[resultIndex].body,
            results.results[resultIndex].gatheredField != Int32(field)
        else { return }
        let type = Int(plan.tables.fields[field].type)
        guard plan.tables.types[type].containsFetch else { return }
        results.results[resultIndex].gatheredField = Int32(field)
        let at = plan.tables.fetchPaths[fetch].at
        let end = plan.tables.walk(body, slot: body.root, first: at.lowerBound, count: at.count)
        if case .slot(let slot) = end { gather(type, body, slot: slot) }
    }

    /// Gathers below those elements of a batch's answer that one parent gets.
    func gatherMatches(_ resultIndex: Int, field: Int, _ run: (first: Int32, count: Int32), _ items: ElementRun) {
        let typeIndex = Int(plan.tables.fields[field].type)
        let type = plan.tables.types[typeIndex]
        guard type.containsFetch, run.count > 0, let body = results.results[resultIndex].body else { return }
        let isList = type.form == .list
        let count = isList ? min(run.count, type.cap) : 1
        for index in 0..<Int(count) {
            let slot = body.element(items, Int(results.matches[Int(run.first) + index]))
            gather(isList ? Int(type.child) : typeIndex, body, slot: slot)
        }
    }

    private func gather(_ typeIndex: Int, _ body: ResultBody, slot: Slot) {
        let type = plan.tables.types[typeIndex]
        guard type.containsFetch else { return }
        switch type.form {
        case .list:
            guard slot.kind == .list else { return }
            let items = body.elements(of: slot)
            for index in 0..<min(items.count, Int(type.cap)) {
                gather(Int(type.child), body, slot: body.element(items, index))
            }
        case .object:
            guard slot.kind == .object else { return }
            gatherObject(Int(type.child), body, record: body.record(of: slot))
        case .abstract:
            guard slot.kind == .object else { return }
            let record = body.record(of: slot)
            if case .selection(let selection) = plan.tables.resolve(Int(type.child), body, record: record) {
                gatherObject(selection, body, record: record)
            }
        default: return
        }
    }

    private func gatherObject(_ selectionIndex: Int, _ body: ResultBody, record: Int) {
        let selection = plan.tables.selections[selectionIndex]
        let first = Int(selection.firstField)
        for index in first..<(first + Int(selection.fieldCount)) {
            let field = plan.tables.fields[index]
            guard field.containsFetch else { continue }
            gatherField(field, index, body, record: record)
        }
    }

    private func gatherField(_ field: FieldEntry, _ index: Int, _ body: ResultBody, record: Int) {
        switch field.source {
        case .fetch:
            begin(field: index, field, body, record: record)
        case .slot:
            gather(Int(field.type), body, slot: body.slot(record, Int(field.first)))
        case .path:
            let end = plan.tables.walk(body, record: record, first: Int(field.first), count: Int(field.second))
            if case .slot(let slot) = end { gather(Int(field.type), body, slot: slot) }
        case .uncertain:
            if refusals[Int(field.first)] != nil { return }
            gatherField(plan.tables.uncertain[Int(field.first)].entry, index, body, record: record)
        case .typeName, .dropped, .denied, .introspection: return
        }
    }
}
