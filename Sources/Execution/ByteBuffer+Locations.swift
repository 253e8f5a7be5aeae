public import Bytes
public import GraphQL

extension ByteBuffer {
    /// Appends `,"locations":[{"line":…,"column":…},…]`, the member of an error (GraphQL §7.1.2).
    public func append(locations: [Location]) {
        append(",\"locations\":[")
        for (index, location) in locations.enumerated() {
            append(index > 0 ? ",{\"line\":" : "{\"line\":")
            append(decimal: location.line)
            append(",\"column\":")
            append(decimal: location.column)
            append(UInt8(ascii: "}"))
        }
        append(UInt8(ascii: "]"))
    }
}
