internal import JSON

/// Kinds of a JSON value, as `found` of a `TYPE_MISMATCH` names them.
enum JSONKind: String {
    case null, boolean, number, string, array, object

    /// The kind of a slot; a missing value counts as null.
    init(_ kind: Slot.Kind) {
        self =
            switch kind {
            case .missing, .null, .joined: .null
            case .true, .false: .boolean
            case .number: .number
            case .string: .string
            case .object: .object
            case .list: .array
            }
    }
}
