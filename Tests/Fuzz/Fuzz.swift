import Bytes
import Configuration
import GraphQL
import HTTP
import JSON
import Telemetry

/// libFuzzer's entry: the first byte picks the parser, the rest is its input. Whatever the input, a parser ends with a
/// value or an error of its own.
///
/// Built only with `SLUICE_FUZZ=1`; see `make fuzz`.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    guard let data = unsafe data, size > 1 else { return 0 }
    let bytes = unsafe Array(UnsafeBufferPointer(start: data + 1, count: size - 1))
    let parsers: [([UInt8]) -> Void] = [
        fuzzRequest, fuzzResponse, fuzzChunks, fuzzTemplates, fuzzDocument, fuzzSchema, fuzzJSON, fuzzConfiguration,
        fuzzIdentifiers,
    ]
    parsers[unsafe Int(data[0]) % parsers.count](bytes)
    return 0
}

private func buffer(_ bytes: some Sequence<UInt8>) -> ByteBuffer {
    let buffer = ByteBuffer(capacity: 64)
    for byte in bytes { buffer.append(byte) }
    return buffer
}

private func fuzzRequest(_ bytes: [UInt8]) {
    let head = RequestHead()
    var parser = RequestParser()
    _ = try? parser.parse(buffer(bytes), into: head, limits: HeadLimits())
}

private func fuzzResponse(_ bytes: [UInt8]) {
    let head = ResponseHead()
    var parser = ResponseParser()
    _ = try? parser.parse(buffer(bytes), into: head, limits: HeadLimits(), method: .get)
}

private func fuzzChunks(_ bytes: [UInt8]) {
    var decoder = ChunkedDecoder()
    let input = buffer(bytes)
    while !input.isEmpty {
        guard let step = try? decoder.next(input.bytes) else { return }
        switch step {
        case .skip(let count), .data(let count):
            guard count > 0 else { return }
            input.consume(min(count, input.count))
        case .needMore, .end: return
        }
    }
}

private func fuzzTemplates(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try? URITemplate(text)
    _ = try? DoorPattern(text)
    let fields = FieldList()
    fields.append(.accept, text)
    _ = AcceptHeader.best(of: ["application/json"], in: fields)
    _ = PercentCoding.hasDotSegment(buffer(bytes).bytes)
}

private func fuzzDocument(_ bytes: [UInt8]) {
    let source = Source(bytes: bytes)
    guard let document = try? Parser.parseDocument(source, tokenLimit: 10_000) else { return }
    let printed = Printer.print(document)
    guard let again = try? Parser.parseDocument(Source(printed)) else {
        preconditionFailure("what is printed can't be parsed")
    }
    precondition(Printer.print(again) == printed, "printing isn't stable")
}

private func fuzzSchema(_ bytes: [UInt8]) {
    guard let document = try? Parser.parseSchemaDocument(Source(bytes: bytes)) else { return }
    _ = try? Schema.build(documents: [document])
}

private func fuzzJSON(_ bytes: [UInt8]) {
    let shape = ShapeBuilder()
    _ = shape.root.member("a").elements().member("b")
    _ = shape.root.member("c")
    let built = shape.build()
    let kept = (try? Projection.run(built, over: buffer(bytes), into: ProjectedBody())) != nil
    let skipped = (try? buffer(bytes).validateJSON()) != nil
    precondition(kept == skipped, "projecting and validating disagree")
    if let paths = try? DropPaths(["a[*].b", "c"]) {
        let output = ByteBuffer()
        if (try? output.append(buffer(bytes), dropping: paths)) != nil {
            precondition((try? output.validateJSON()) != nil, "dropping members left no JSON")
        }
    }
}

private func fuzzConfiguration(_ bytes: [UInt8]) {
    _ = GatewayConfiguration.load(SourceFile(path: "gateway.yaml", bytes: bytes), environment: ["A": "b"])
}

private func fuzzIdentifiers(_ bytes: [UInt8]) {
    let text = buffer(bytes)
    _ = RequestID.isAcceptable(text.bytes)
    _ = TraceContext(traceparent: text.bytes)
}
