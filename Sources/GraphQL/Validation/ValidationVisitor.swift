/// What rules want to see of the document, in the order of the walk.
struct ValidationVisitor {
    /// Each definition, before what is in it.
    var definition: [(Definition) -> Void] = []
    /// Each variable's definition.
    var variable: [(VariableDefinition) -> Void] = []
    /// Each field, with the type that it is selected on and its definition where they are known.
    var field: [(Field, NamedType?, SchemaField?) -> Void] = []
    /// Each spread of a fragment, with the fragment and the type that it is spread on where they are known.
    var spread: [(FragmentSpread, FragmentDefinition?, NamedType?) -> Void] = []
    /// Each inline fragment, with the type of the selection set that it stands in.
    var inlineFragment: [(InlineFragment, NamedType?) -> Void] = []
    /// The directives of one place, where there are any.
    var directives: [([Directive], DirectiveLocation) -> Void] = []
    /// The arguments of a field or directive, also where there are none.
    var arguments: [(ArgumentList) -> Void] = []
    /// An argument's value or a variable's default, and the type expected of it where that is known.
    var value: [(Value, TypeReference?) -> Void] = []
    /// An operation, when all of the document has been seen, with what it uses itself or through fragments.
    var operationUse: [(OperationDefinition, [DefinitionUse]) -> Void] = []
    /// The end of the document.
    var end: [() -> Void] = []
}

/// The arguments given to a field or directive.
struct ArgumentList {
    /// Whose arguments they are.
    enum Owner {
        case field(SchemaField, parent: NamedType)
        case directive(SchemaDirective)
        /// A field or directive that the schema does not have.
        case unknown
    }

    let arguments: [Argument]
    let owner: Owner
    /// Where the field or directive stands.
    let offset: UInt32

    /// The arguments that may be given.
    var definitions: NamedTable<SchemaInputValue>? {
        switch owner {
        case .field(let field, _): field.arguments
        case .directive(let directive): directive.arguments
        case .unknown: nil
        }
    }
}
