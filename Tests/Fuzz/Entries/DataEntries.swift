import Bytes
import Configuration
import JSON

/// An upstream's JSON: projecting, walking and filtering it agree on whether it is JSON.
func fuzzProjection(_ bytes: [UInt8]) {
    let shape = ShapeBuilder()
    _ = shape.root.member("a").elements().member("b")
    _ = shape.root.member("c")
    let isJSON = (try? buffer(bytes).validateJSON()) != nil
    let isProjected = (try? Projection.run(shape.build(), over: buffer(bytes), into: ProjectedBody())) != nil
    precondition(isProjected == isJSON, "projecting and validating disagree")
    precondition(isJSON == walks(bytes), "walking and validating disagree")
    if let paths = try? DropPaths(["a[*].b", "c"]) {
        let output = ByteBuffer()
        if (try? output.append(buffer(bytes), dropping: paths)) != nil {
            precondition((try? output.validateJSON()) != nil, "dropping members left no JSON")
        }
    }
}

/// Whether a cursor can be put before the value, whose text it reads.
private func walks(_ bytes: [UInt8]) -> Bool {
    let body = buffer(bytes)
    do throws(JSONError) {
        var cursor = try JSONCursor(body)
        let slot = try cursor.value()
        if slot.kind == .string { _ = slot.string(in: body) }
        return true
    } catch {
        return false
    }
}

/// The configuration file: every problem stands in the file.
func fuzzConfiguration(_ bytes: [UInt8]) {
    _ = GatewayConfiguration.load(SourceFile(path: "gateway.yaml", bytes: bytes), environment: ["A": "b"])
}
