// Validation (GraphQL §5). How to read it:
// - `Validator` is the way in. `DocumentWalk` goes through the document once, with the types of what it meets, and calls
//   what the rules asked for in a `ValidationVisitor`; on its way it notes what can only be judged at the end (who
//   spreads which fragment, where variables are used, the fields of each selection set) in a `ValidationContext`.
// - Each rule is a file of `Rules/`, named as its section.
// - Fragments are walked where they are defined, never where they are spread: time is linear in the document, but for
//   two rules whose work is counted and bounded. Recursion is as deep as the parser lets syntax nest.

/// Something that makes a document invalid.
public struct ValidationError: Error, Sendable, Hashable {
    /// A sentence for the client, bounded in length.
    public let message: String
    /// Byte offsets of what is to blame in the document, in order of importance; empty for the document as a whole.
    public let offsets: [UInt32]
}

/// Decides whether a document can be executed against a schema.
public enum Validator {
    /// How many errors are told at most, unless asked otherwise.
    public static let maximumErrors = 100

    /// Everything that makes a document invalid, by place; empty if it is valid.
    ///
    /// - Parameters:
    ///   - allowsIntrospection: whether `__schema` and `__type` may be selected.
    ///   - maximumErrors: how many errors are told; one more says that there were others.
    ///   - maySuggest: whether a field may be named as what was meant: one that the caller may not see is not.
    public static func validate(
        _ document: Document, against schema: Schema, allowsIntrospection: Bool = true,
        maximumErrors: Int = maximumErrors, maySuggest: @escaping (SchemaField) -> Bool = { _ in true }
    ) -> [ValidationError] {
        let context = ValidationContext(
            document: document, schema: schema, maximumErrors: maximumErrors, maySuggest: maySuggest)
        var visitor = ValidationVisitor()
        for rule in rules { rule.install(in: &visitor, context) }
        if !allowsIntrospection { IntrospectionDisabled.install(in: &visitor, context) }
        let walk = DocumentWalk(context, visitor)
        walk.run()
        return context.sortedErrors
    }

    private static let rules: [any ValidationRule.Type] = [
        // §5.1 and §5.2
        ExecutableDefinitions.self, OperationTypeExistence.self, OperationNameUniqueness.self,
        LoneAnonymousOperation.self, SingleRootField.self,
        // §5.3
        FieldSelections.self, FieldSelectionMerging.self, LeafFieldSelections.self,
        // §5.4
        ArgumentNames.self, ArgumentUniqueness.self, RequiredArguments.self,
        // §5.5
        FragmentNameUniqueness.self, FragmentTypeConditions.self, FragmentsMustBeUsed.self,
        FragmentSpreadTargetDefined.self, FragmentSpreadCycles.self, FragmentSpreadIsPossible.self,
        // §5.6
        ValuesOfCorrectType.self, InputObjectFieldUniqueness.self,
        // §5.7
        DirectivesAreDefined.self, DirectivesInValidLocations.self, DirectivesAreUnique.self,
        // §5.8
        VariableUniqueness.self, VariablesAreInputTypes.self, VariableUsesDefined.self, VariablesUsed.self,
        VariableUsagesAllowed.self,
        // Not of the specification.
        IntrospectionDepth.self,
    ]
}

/// A rule of validation.
protocol ValidationRule: SendableMetatype {
    /// Asks the visitor for what the rule wants to see; errors go to the context.
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext)
}
