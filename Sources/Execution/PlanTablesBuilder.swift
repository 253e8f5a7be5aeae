internal import Planning

/// Lays a selection out in flat tables. A shaped door's selections may refer back to themselves, so each is given its
/// place before its fields are looked at.
struct PlanTablesBuilder {
    var text: [UInt8] = []
    var fields: [FieldEntry] = []
    var types: [TypeEntry] = []
    var selections: [SelectionEntry] = []
    var abstracts: [AbstractEntry] = []
    var indices: [Int32] = []
    var steps: [PathStep] = []
    var plannedFields: [PlannedField?] = []
    var abstractSelections: [AbstractSelection] = []
    var enumerations: [EnumerationValues] = []
    var customNames: [String] = []
    var introspections: [IntrospectionField] = []
    var uncertain: [(arguments: FieldArguments, entry: FieldEntry)] = []

    private var knownSelections: [ObjectIdentifier: Int32] = [:]
    private var knownAbstracts: [ObjectIdentifier: Int32] = [:]
    private var knownEnumerations: [ObjectIdentifier: Int32] = [:]

    private let joinSlots: [Int32]

    init(fetches: [FetchPlan]) {
        joinSlots = fetches.map { Int32(clamping: $0.joinSlot) }
    }

    /// Adds a type and all below it. Returns its index.
    mutating func add(_ type: OutputType) -> Int32 {
        var entry = TypeEntry(
            form: .custom, isNonNull: type.isNonNull, containsFetch: type.containsFetch, child: -1, cap: .max)
        switch type.nullable {
        // A Non-Null of a Non-Null can't be written in GraphQL; the planner makes none.
        case .nonNull(let inner): return add(inner)
        case .list(let item, let cap):
            entry.form = .list
            entry.cap = cap.map { Int32(clamping: $0) } ?? .max
            entry.child = add(item)
        case .leaf(let leaf): add(leaf, to: &entry)
        case .object(let selection):
            entry.form = .object
            entry.child = add(selection)
        case .abstract(let selection):
            entry.form = .abstract
            entry.child = add(selection)
        }
        types.append(entry)
        return Int32(types.count - 1)
    }

    /// Adds a path. Returns its range of steps.
    mutating func add(_ path: [PathStep]) -> Range<Int> {
        let start = steps.count
        steps.append(contentsOf: path)
        return start..<steps.count
    }

    private mutating func add(_ leaf: LeafType, to entry: inout TypeEntry) {
        switch leaf {
        case .int: entry.form = .int
        case .float: entry.form = .float
        case .string: entry.form = .string
        case .boolean: entry.form = .boolean
        case .id: entry.form = .id
        case .enumeration(let values):
            entry.form = .enumeration
            entry.child = place(of: values)
        case .custom(let name):
            entry.form = .custom
            customNames.append(name)
            entry.child = Int32(customNames.count - 1)
        }
    }

    private mutating func place(of values: EnumerationValues) -> Int32 {
        if let known = knownEnumerations[ObjectIdentifier(values)] { return known }
        enumerations.append(values)
        let place = Int32(enumerations.count - 1)
        knownEnumerations[ObjectIdentifier(values)] = place
        return place
    }

    private mutating func add(_ selection: AbstractSelection) -> Int32 {
        if let known = knownAbstracts[ObjectIdentifier(selection)] { return known }
        let place = Int32(abstracts.count)
        knownAbstracts[ObjectIdentifier(selection)] = place
        let path = add(selection.kindPath)
        let firstIndex = indices.count
        abstracts.append(
            AbstractEntry(
                firstStep: Int32(path.lowerBound), stepCount: Int32(path.count), firstIndex: Int32(firstIndex)))
        abstractSelections.append(selection)
        indices.append(contentsOf: repeatElement(0, count: selection.selections.count))
        for (offset, possible) in selection.selections.enumerated() {
            indices[firstIndex + offset] = add(possible)
        }
        return place
    }

    private mutating func add(_ selection: ObjectSelection) -> Int32 {
        if let known = knownSelections[ObjectIdentifier(selection)] { return known }
        let place = Int32(selections.count)
        knownSelections[ObjectIdentifier(selection)] = place
        let firstField = fields.count
        let name = append(selection.typeNameJSON)
        selections.append(
            SelectionEntry(
                firstField: Int32(firstField), fieldCount: Int32(selection.fields.count), nameStart: name.start,
                nameCount: name.count))
        let blank = FieldEntry(
            keyStart: 0, keyCount: 0, source: .typeName, containsFetch: false, first: 0, second: 0, type: 0)
        fields.append(contentsOf: repeatElement(blank, count: selection.fields.count))
        plannedFields.append(contentsOf: repeatElement(nil, count: selection.fields.count))
        for (offset, field) in selection.fields.enumerated() {
            fields[firstField + offset] = entry(for: field, in: name)
            plannedFields[firstField + offset] = field
        }
        return place
    }

    private mutating func entry(for field: PlannedField, in name: (start: Int32, count: Int32)) -> FieldEntry {
        let key = append([UInt8(ascii: ",")] + field.keyJSON)
        var entry = FieldEntry(
            keyStart: key.start, keyCount: key.count, source: .slot, containsFetch: field.containsFetch, first: 0,
            second: 0, type: 0)
        switch field.source {
        case .path(let path):
            if path.count == 1, case .member(_, let slot) = path[0] {
                entry.first = Int32(clamping: slot)
                entry.second = Int32(add(path).lowerBound)
            } else {
                let range = add(path)
                entry.source = .path
                entry.first = Int32(range.lowerBound)
                entry.second = Int32(range.count)
            }
        case .fetch(let fetch):
            entry.source = .fetch
            entry.first = joinSlots[fetch]
            entry.second = Int32(fetch)
        case .typeName:
            entry.source = .typeName
            (entry.first, entry.second) = name
        case .dropped(let index):
            entry.source = .dropped
            entry.first = Int32(index)
        case .denied(let refusal):
            entry.source = .denied
            entry.first = refusal == .unauthenticated ? 1 : 0
        case .introspection(let introspection):
            entry.source = .introspection
            entry.first = Int32(introspections.count)
            introspections.append(introspection)
        }
        entry.type = add(field.type)
        if entry.source == .slot { entry.verbatim = VerbatimValues(types[Int(entry.type)].form) }
        if let arguments = field.uncertainArguments {
            uncertain.append((arguments, entry))
            entry.source = .uncertain
            entry.verbatim = .none
            entry.first = Int32(uncertain.count - 1)
        }
        return entry
    }

    private mutating func append(_ bytes: [UInt8]) -> (start: Int32, count: Int32) {
        let start = text.count
        text.append(contentsOf: bytes)
        return (Int32(start), Int32(bytes.count))
    }
}
