public import Bytes
public import GraphQL
public import Planning

/// Answers `__schema` and `__type` (GraphQL §4): appends the field's JSON for the given variables. Any thread.
public typealias IntrospectionRenderer = @Sendable (IntrospectionField, CoercedVariables, ByteBuffer) -> Void

extension ResponseWriter {
    /// Writes `__schema` or `__type`; null where introspection is off.
    func completeIntrospection(_ field: IntrospectionField) -> Bool {
        if let introspect { introspect(field, variables, output) } else { output.append("null") }
        return true
    }
}
