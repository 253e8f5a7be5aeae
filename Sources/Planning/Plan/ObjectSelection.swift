public import GraphQL

/// What is answered of an object of one concrete type: its fields, collected and in the order of the answer.
///
/// Selections may form cycles only in a shaped door's plan of a recursive type.
public final class ObjectSelection: Sendable {
    /// The concrete object type's name.
    public let typeName: String
    /// The name as a JSON string, quotes included, for `__typename`.
    public let typeNameJSON: [UInt8]
    /// The fields in the order of the answer.
    public let fields: [PlannedField]
    /// Whether a call is made for one of the fields or for anything below them.
    public let containsFetch: Bool

    init(typeName: String, fields: [PlannedField]) {
        self.typeName = typeName
        typeNameJSON = Array("\"\(typeName)\"".utf8)
        self.fields = fields
        containsFetch = fields.contains { $0.containsFetch }
    }
}

/// One member of an answer's object.
public final class PlannedField: Sendable {
    /// The alias, or else the field's name.
    public let responseKey: String
    /// `"responseKey":`, ready to be written.
    public let keyJSON: [UInt8]
    /// The schema coordinate, `User.name`.
    public let coordinate: String
    /// Byte offsets of all the field's occurrences in the document; `Plan.locations(of:)` makes lines and columns of
    /// them.
    public let offsets: [UInt32]
    /// Where the value comes from.
    public let source: FieldSource
    /// How the value is completed.
    public let type: OutputType
    /// The arguments of a field that isn't fetched, where only the run can tell whether they can be coerced.
    public let uncertainArguments: FieldArguments?
    /// Whether this field is fetched, or anything below it: gathering the parents of calls walks only such fields.
    public let containsFetch: Bool

    init(
        responseKey: String, coordinate: String, offsets: [UInt32], source: FieldSource, type: OutputType,
        uncertainArguments: FieldArguments? = nil
    ) {
        self.responseKey = responseKey
        keyJSON = Array("\"\(responseKey)\":".utf8)
        self.coordinate = coordinate
        self.offsets = offsets
        self.source = source
        self.type = type
        self.uncertainArguments = uncertainArguments
        containsFetch = if case .fetch = source { true } else { type.containsFetch }
    }
}

/// Where a field's value comes from.
public enum FieldSource: Sendable {
    /// From the record of the object that the field belongs to, step by step.
    case path([PathStep])
    /// From a call's result, which execution joins at the call's `joinSlot` of the object's record.
    case fetch(FetchID)
    /// The object's type name.
    case typeName
    /// Nowhere: the profile leaves it out, the value is null. The index in `Plan.dropped`.
    case dropped(Int)
    /// Nowhere: the caller may not see it; the value is null with an error.
    case denied(AccessRefusal)
    /// From the schema itself (GraphQL §4).
    case introspection(IntrospectionField)
}

/// `__schema` or `__type` at the root.
public final class IntrospectionField: Sendable {
    /// The field's occurrences in the document; their selection sets are merged.
    public let fields: [Field]
    /// The document, for its fragments.
    public let document: Document

    init(fields: [Field], document: Document) {
        self.fields = fields
        self.document = document
    }
}

/// One step on a way through projected JSON.
public enum PathStep: Sendable, Hashable {
    /// To the object member of that name, which is in this slot of the object's record.
    case member(name: String, slot: Int)
    /// To the list's item of that index, from 0.
    case element(Int)
}
