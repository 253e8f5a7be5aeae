/// What `sluice explain` is asked.
public struct ExplainRequest: Sendable {
    /// A file that exists, or the document itself.
    public var document: String
    /// Whether `document` is never looked for on the disk.
    public var isText = false
    /// Which of the document's operations; needed where there are several.
    public var operationName: String?
    /// The device profile; the configuration's default one unless given.
    public var profile: String?
    /// Values of variables, a JSON object: those in `@skip` and `@include` decide what the plan is,
    /// and those in sizes of lists what it costs.
    public var variables: String?

    /// A request.
    public init(
        document: String, operationName: String? = nil, profile: String? = nil, variables: String? = nil
    ) {
        self.document = document
        self.operationName = operationName
        self.profile = profile
        self.variables = variables
    }
}
