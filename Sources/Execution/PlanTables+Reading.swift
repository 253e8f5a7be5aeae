internal import Bytes
internal import JSON
internal import Planning

/// Where a path leads.
enum PathEnd {
    /// To this slot.
    case slot(Slot)
    /// Nowhere: null, a missing member or an index past the end was met.
    case null
    /// To a value that is neither object nor list, or the wrong one of them, after so many steps.
    case mismatch(slot: Slot, expected: JSONKind, reached: Int)
}

/// Which selection an object of an abstract type has.
enum Resolution {
    case selection(Int)
    /// Its kind is none that is known; the kind of JSON found, and how many steps towards it were possible.
    case unknown(found: JSONKind, reached: Int)
}

extension PlanTables {
    /// Walks `count` steps from `first` on, starting at the object whose record is `record`.
    func walk(_ body: ResultBody, record: Int, first: Int, count: Int) -> PathEnd {
        if count == 0 { return .null }
        return walk(body, slot: body.slot(record, Int(stepPlaces[first])), first: first + 1, count: count - 1, done: 1)
    }

    /// Walks a path from a value; of no steps, to that value itself.
    func walk(_ body: ResultBody, slot: Slot, first: Int, count: Int, done: Int = 0) -> PathEnd {
        var slot = slot
        for step in 0..<count {
            if slot.isNullOrMissing { return .null }
            let place = Int(stepPlaces[first + step])
            if stepIsElement[first + step] {
                guard slot.kind == .list else {
                    return .mismatch(slot: slot, expected: .array, reached: done + step)
                }
                let items = body.elements(of: slot)
                guard place < items.count else { return .null }
                slot = body.element(items, place)
            } else {
                guard slot.kind == .object else {
                    return .mismatch(slot: slot, expected: .object, reached: done + step)
                }
                slot = body.slot(body.record(of: slot), place)
            }
        }
        return slot.isNullOrMissing ? .null : .slot(slot)
    }

    /// The selection for the object of an abstract type whose record begins at `record`.
    func resolve(_ abstractIndex: Int, _ body: ResultBody, record: Int) -> Resolution {
        let abstract = abstracts[abstractIndex]
        let count = Int(abstract.stepCount)
        switch walk(body, record: record, first: Int(abstract.firstStep), count: count) {
        case .null: return .unknown(found: .null, reached: count)
        case .mismatch(let slot, _, let reached): return .unknown(found: JSONKind(slot.kind), reached: reached)
        case .slot(let slot):
            let selection = abstractSelections[abstractIndex]
            guard let found = body.selection(of: selection, forKind: slot),
                let place = selection.selections.firstIndex(where: { $0 === found })
            else { return .unknown(found: JSONKind(slot.kind), reached: count) }
            return .selection(Int(indices[Int(abstract.firstIndex) + place]))
        }
    }
}
