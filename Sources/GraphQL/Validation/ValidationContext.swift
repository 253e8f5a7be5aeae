/// What all rules share while a document is validated, and where they report.
final class ValidationContext {
    let document: Document
    let schema: Schema
    /// The document's fragments, each known by its index; of several with one name only the first.
    let fragments: [FragmentDefinition]
    private let fragmentIndices: [String: Int]
    /// The document's operations, in order.
    let operations: [OperationDefinition]
    /// What each operation uses, in order. Complete at the end of the walk.
    var operationUses: [DefinitionUse] = []
    /// What each fragment uses, by its index. Complete at the end of the walk.
    let fragmentUses: [DefinitionUse]
    /// The fields of all selection sets. Complete at the end of the walk.
    var scopes: SelectionScopes

    /// Whether a field may be suggested to the caller.
    let maySuggest: (SchemaField) -> Bool

    /// Whether no further error is told, so that the walk can end.
    private(set) var isFull = false
    private let maximumErrors: Int
    private var errors: [ValidationError] = []

    private static let messageLimit = 600
    private static let offsetLimit = 20

    init(
        document: Document, schema: Schema, maximumErrors: Int,
        maySuggest: @escaping (SchemaField) -> Bool = { _ in true }
    ) {
        self.maySuggest = maySuggest
        self.document = document
        self.schema = schema
        self.maximumErrors = maximumErrors
        operations = document.operations
        var fragments: [FragmentDefinition] = []
        var indices: [String: Int] = [:]
        for fragment in document.fragments where indices[fragment.name.value] == nil {
            indices[fragment.name.value] = fragments.count
            fragments.append(fragment)
        }
        self.fragments = fragments
        fragmentIndices = indices
        fragmentUses = fragments.map { _ in DefinitionUse() }
        scopes = SelectionScopes(fragmentCount: fragments.count)
    }

    /// The index of the fragment of that name.
    func fragmentIndex(_ name: String) -> Int? { fragmentIndices[name] }

    /// Notes an error. The message is only made if it is told.
    func report(_ message: @autoclosure () -> String, at offsets: UInt32...) {
        report(message(), at: offsets)
    }

    /// Notes an error with any number of places, of which the first few are told.
    func report(_ message: @autoclosure () -> String, at offsets: [UInt32]) {
        guard !isFull else { return }
        if errors.count >= maximumErrors {
            isFull = true
            return
        }
        errors.append(
            ValidationError(
                message: message().bounded(to: Self.messageLimit), offsets: Array(offsets.prefix(Self.offsetLimit))))
    }

    /// Notes that a rule gave up, and ends validation: the document is not known to be valid.
    func refuse(_ message: String) {
        report(message, at: [])
        isFull = true
    }

    /// The errors by place; those without one come last.
    var sortedErrors: [ValidationError] {
        var sorted = errors.enumerated().sorted { first, second in
            let key = { (error: ValidationError) in error.offsets.first ?? .max }
            return (key(first.element), first.offset) < (key(second.element), second.offset)
        }.map(\.element)
        if isFull, errors.count >= maximumErrors {
            sorted.append(
                ValidationError(
                    message: "Too many validation errors, error limit reached. Validation aborted.", offsets: []))
        }
        return sorted
    }
}

/// What an operation or fragment uses directly.
final class DefinitionUse {
    /// The indices of the fragments that it spreads, and where.
    var spreads: [(fragment: Int, offset: UInt32)] = []
    /// Its uses of variables.
    var variables: [VariableUse] = []
}

/// A variable's use.
struct VariableUse {
    let name: String
    let offset: UInt32
    /// The type of the position that it stands in; nil where that is not known.
    let type: TypeReference?
    /// Whether the position has a default value.
    let hasDefault: Bool
    /// The input object that it is a field of, if that is one of which exactly one field must be given.
    let oneOf: String?
}

/// The fields of a document's selection sets, those of inline fragments counted to the set around them, as tables of
/// numbers.
struct SelectionScopes {
    /// A field's occurrence on a known type.
    struct Entry {
        let field: Field
        let parent: NamedType
        let definition: SchemaField?
        /// The index of its own selection set; nil for none.
        let child: Int?
    }

    /// A selection set.
    struct Scope {
        /// Indices of its fields.
        var entries: [Int] = []
        /// The selection sets of the fragments spread in it.
        var spreads: [Int] = []
    }

    private(set) var entries: [Entry] = []
    /// The selection sets: first those of the fragments, by the fragments' indices.
    private(set) var scopes: [Scope]
    /// The root selection sets of the operations.
    private(set) var operationScopes: [Int] = []

    init(fragmentCount: Int) { scopes = Array(repeating: Scope(), count: fragmentCount) }

    mutating func addScope() -> Int {
        scopes.append(Scope())
        return scopes.count - 1
    }

    mutating func addOperationScope() -> Int {
        let scope = addScope()
        operationScopes.append(scope)
        return scope
    }

    mutating func add(_ entry: Entry, to scope: Int) {
        scopes[scope].entries.append(entries.count)
        entries.append(entry)
    }

    mutating func addSpread(of fragment: Int, to scope: Int) { scopes[scope].spreads.append(fragment) }
}
