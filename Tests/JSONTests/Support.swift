import Bytes
import JSON

func buffer(_ text: String) -> ByteBuffer {
    buffer(Array(text.utf8))
}

func buffer(_ bytes: [UInt8]) -> ByteBuffer {
    // As small as can be, so that the padding does not fit by chance; and not at the start of the storage.
    let buffer = ByteBuffer(capacity: bytes.count + 3)
    buffer.append([1, 2, 3])
    buffer.append(bytes)
    buffer.consume(3)
    return buffer
}

/// The error that validating `bytes` gives, by walking nothing of them.
func refusal(_ bytes: [UInt8], maximumDepth: Int = 128) -> JSONError? {
    do {
        try buffer(bytes).validateJSON(maximumDepth: maximumDepth)
        return nil
    } catch {
        return error
    }
}

/// The error that a projection of everything gives.
func refusalKeepingAll(_ bytes: [UInt8], maximumDepth: Int = 128) -> JSONError? {
    let builder = ShapeBuilder()
    for node in [builder.root, builder.root.elements()] {
        let inside = [node, node.member("a"), node.elements()]
        for node in inside { _ = node.elements().elements().member("") }
    }
    do {
        try Projection.run(builder.build(), over: buffer(bytes), into: ProjectedBody(), maximumDepth: maximumDepth)
        return nil
    } catch {
        return error
    }
}

/// The slot of a text that is one value.
func slot(_ body: ByteBuffer) throws -> Slot {
    var cursor = try JSONCursor(body)
    return try cursor.value()
}
