public import GraphQL
public import JSON

/// A call's index in `Plan.fetches`.
public typealias FetchID = Int

/// One call to a route, made once for each parent object, or once for all of them (`batch`).
public final class FetchPlan: Sendable {
    /// Its index in `Plan.fetches`.
    public let id: FetchID
    /// The route that is called.
    public let route: RouteDescription
    /// The call in whose result the parent objects stand; nil for a root field.
    public let parent: FetchID?
    /// The schema coordinate of the field that is fetched. Where several concrete types share the call (the same
    /// mapping inherited from an interface), that of the first.
    public let coordinate: String
    /// The response keys from the root down to the field, list indices left out.
    public let responsePath: [String]
    /// The slot of the parent object's record where the result is joined; of the root record for a root field.
    public let joinSlot: Int
    /// A binding for each of the route's `inputs`, in that order.
    public let bindings: [Binding]
    /// The arguments that the bindings read.
    public let arguments: FieldArguments
    /// From the root slot of the result to the field's value (`at`), or, in a batch, to the list of all values.
    public let at: [PathStep]
    /// What is kept of a result. The root slot of the projected body is where `at` starts.
    public let shape: Shape
    /// How the results of one call are given to many parents; nil for a call per parent.
    public let batch: BatchPlan?
    /// The index of the root field that it belongs to: in a mutation, calls of different root fields never run at the
    /// same time and are never shared.
    public let rootIndex: Int
    /// The lists between the parent call's value and the objects that this call is made for, from the outside in, each
    /// with its cap. For `explain`: their product bounds the number of calls.
    public let parentLists: [Int?]

    init(
        id: FetchID, route: RouteDescription, parent: FetchID?, coordinate: String, responsePath: [String],
        joinSlot: Int, bindings: [Binding], arguments: FieldArguments, at: [PathStep], shape: Shape,
        batch: BatchPlan?, rootIndex: Int, parentLists: [Int?]
    ) {
        self.id = id
        self.route = route
        self.parent = parent
        self.coordinate = coordinate
        self.responsePath = responsePath
        self.joinSlot = joinSlot
        self.bindings = bindings
        self.arguments = arguments
        self.at = at
        self.shape = shape
        self.batch = batch
        self.rootIndex = rootIndex
        self.parentLists = parentLists
    }
}

/// How one call serves many parents (`$batch.x`).
public struct BatchPlan: Sendable {
    /// From a parent's record to its key.
    public let parentKey: [PathStep]
    /// The index in the route's inputs of the variable that takes the keys.
    public let input: Int
    /// How many keys one call takes at most; nil for any number.
    public let max: Int?
    /// From the record of an element of the answer to its key.
    public let answerKey: [PathStep]
    /// Whether a parent gets the list of all matches, or else the first.
    public let isList: Bool
}

/// A field's arguments as the document gives them, to be coerced (GraphQL §6.4.1) once per request.
public struct FieldArguments: Sendable {
    /// The field's definition in the schema.
    public let definition: SchemaField
    /// The field in the document.
    public let field: Field
}

/// Where the value of a route's input comes from.
public indirect enum Binding: Sendable {
    /// Written in the schema or the configuration.
    case literal(TemplateValue)
    /// A field argument's value, or what stands in it: the argument's name, then input field names.
    case argument([String])
    /// The parent's raw JSON, from its record.
    case parent([PathStep])
    /// The keys of the batch.
    case batch
    /// The first value of a request header, by its name in lower case.
    case header(String)
    /// A claim of the token, and what stands in it.
    case claim([String])
    /// The subject of the client's certificate.
    case clientSubject
    /// The profile's name.
    case profile
    /// A list of these; an absent item is null.
    case list([Binding])
    /// An object of these; an absent member is left out.
    case object([(name: String, value: Binding)])
}
