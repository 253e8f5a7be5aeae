internal import JSON
internal import Planning

/// Where a field's value comes from, as the writer distinguishes it.
enum EntrySource: UInt8, BitwiseCopyable {
    /// One member of the parent's record: the common case.
    case slot
    /// Several steps from the parent's record.
    case path
    /// A call's result, joined in the parent's record.
    case fetch
    case typeName
    case dropped
    case denied
    case introspection
    /// What `uncertain` has, if the field's arguments can be coerced.
    case uncertain
}

/// Which values of a type are answered as they stand in the body, without a closer look.
struct VerbatimValues: BitwiseCopyable {
    /// A bit for each kind of slot.
    var kinds: UInt16 = 0
    /// Flags that a slot must not have.
    var flags: Slot.Flags = []
    /// Bytes that its text may have.
    var length: UInt32 = .max

    /// None.
    static let none = VerbatimValues()

    /// Those of a form.
    init(_ form: TypeForm) {
        switch form {
        case .string: kinds = Self.bit(.string)
        case .boolean: kinds = Self.bit(.true) | Self.bit(.false)
        // A number is answered as a string.
        case .id: kinds = Self.bit(.string)
        case .int:
            kinds = Self.bit(.number)
            flags = [.fractional, .exponent, .negative]
            length = 9
        case .float:
            kinds = Self.bit(.number)
            flags = .exponent
            length = 308
        case .enumeration, .custom, .object, .abstract, .list: break
        }
    }

    private init() {}

    private static func bit(_ kind: Slot.Kind) -> UInt16 { 1 << UInt16(kind.rawValue) }

    /// Whether the value in `slot` is one of them.
    @inline(__always) func contain(_ slot: Slot) -> Bool {
        kinds & 1 &<< UInt16(slot.kind.rawValue) != 0 && slot.flags.isDisjoint(with: flags) && slot.length <= length
    }
}

/// One field of a selection, in plain values.
struct FieldEntry: BitwiseCopyable {
    /// Where `,"responseKey":` starts in the tables' text; the first field of an object leaves the comma out.
    var keyStart: Int32
    var keyCount: Int32
    var source: EntrySource
    /// Whether a call is made for it or below it.
    var containsFetch: Bool
    /// The slot (`slot`, `fetch`), the first step (`path`), the fetch, the dropped field, the introspection field, or the
    /// index in `uncertain`; for `denied` 1 where a token is missing, 0 where it grants too little.
    var first: Int32
    /// How many steps (`path`); the fetch (`fetch`).
    var second: Int32
    var type: Int32
    /// The values that need no look at the type; none where the source isn't `slot`.
    var verbatim = VerbatimValues.none
}

/// The forms a value can take.
enum TypeForm: UInt8, BitwiseCopyable {
    case int, float, string, boolean, id, enumeration, custom
    case object, abstract, list
}

/// One output type, `Non-Null` folded into a flag.
struct TypeEntry: BitwiseCopyable {
    var form: TypeForm
    var isNonNull: Bool
    var containsFetch: Bool
    /// The selection, the abstract selection, the item type or the enum; −1 where there is none.
    var child: Int32
    /// How many items are answered at most; `Int32.max` for all.
    var cap: Int32
}

/// One object selection: a run of fields.
struct SelectionEntry: BitwiseCopyable {
    var firstField: Int32
    var fieldCount: Int32
    /// The type name as a JSON string, in the tables' text.
    var nameStart: Int32
    var nameCount: Int32
}

/// One abstract selection: the path to the kind, and what its selections are in the table.
struct AbstractEntry: BitwiseCopyable {
    var firstStep: Int32
    var stepCount: Int32
    /// In `indices`: for each possible selection its index in `selections`.
    var firstIndex: Int32
}

/// A selection in flat tables: what the writer and the gathering read for each field, without touching a reference
/// count. The plan's own objects stand beside them for what is rare: messages, locations, pointers.
final class PlanTables: Sendable {
    let text: FlatTable<UInt8>
    let fields: FlatTable<FieldEntry>
    let types: FlatTable<TypeEntry>
    let selections: FlatTable<SelectionEntry>
    let abstracts: FlatTable<AbstractEntry>
    let indices: FlatTable<Int32>
    /// For each step of the paths the slot in the object's record, or the index in the list.
    let stepPlaces: FlatTable<Int32>
    /// Whether the step goes into a list.
    let stepIsElement: FlatTable<Bool>

    /// Parallel to `fields`.
    let plannedFields: [PlannedField]
    /// Parallel to `abstracts`.
    let abstractSelections: [AbstractSelection]
    let enumerations: [EnumerationValues]
    let customNames: [String]
    let introspections: [IntrospectionField]
    /// Fields that aren't fetched but whose arguments may be refused, and how they are read if they aren't.
    let uncertain: [(arguments: FieldArguments, entry: FieldEntry)]
    /// Parallel to `stepPlaces`.
    let steps: [PathStep]
    /// The root type's index in `types`.
    let root: Int
    /// For each fetch, where its `at`, parent key and answer key start in `steps`.
    let fetchPaths: [FetchPaths]

    /// The paths of one fetch as ranges of `steps`.
    struct FetchPaths: Sendable {
        var at: Range<Int>
        var parentKey: Range<Int>
        var answerKey: Range<Int>
    }

    /// The tables of a plan, or of a shaped door (without fetches).
    init(root type: OutputType, fetches: [FetchPlan]) {
        var builder = PlanTablesBuilder(fetches: fetches)
        root = Int(builder.add(type))
        fetchPaths = fetches.map { fetch in
            FetchPaths(
                at: builder.add(fetch.at), parentKey: builder.add(fetch.batch?.parentKey ?? []),
                answerKey: builder.add(fetch.batch?.answerKey ?? []))
        }
        text = FlatTable(builder.text + [UInt8](repeating: 0, count: FlatTable<UInt8>.padding))
        fields = FlatTable(builder.fields)
        types = FlatTable(builder.types)
        selections = FlatTable(builder.selections)
        abstracts = FlatTable(builder.abstracts)
        indices = FlatTable(builder.indices)
        stepPlaces = FlatTable(
            builder.steps.map { step in
                switch step {
                case .member(_, let slot): Int32(clamping: slot)
                case .element(let index): Int32(clamping: index)
                }
            })
        stepIsElement = FlatTable(builder.steps.map { if case .element = $0 { true } else { false } })
        plannedFields = builder.plannedFields.compactMap(\.self)
        abstractSelections = builder.abstractSelections
        enumerations = builder.enumerations
        customNames = builder.customNames
        introspections = builder.introspections
        uncertain = builder.uncertain
        steps = builder.steps
    }

    /// What a type expects, in words for `expected` of a mismatch.
    func expectation(of type: TypeEntry) -> String {
        switch type.form {
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .boolean: "Boolean"
        case .id: "ID"
        case .enumeration: enumerations[Int(type.child)].typeName
        case .custom: customNames[Int(type.child)]
        case .object, .abstract: "object"
        case .list: "array"
        }
    }
}
