internal import Bytes
internal import Planning

extension ResponseWriter {
    /// Writes `__schema` or `__type` (GraphQL §4).
    func completeIntrospection(_ field: IntrospectionField) -> Bool {
        output.append("null")
        return true
    }
}
