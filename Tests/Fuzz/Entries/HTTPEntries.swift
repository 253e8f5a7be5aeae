import Bytes
import HTTP
import Planning
import Telemetry

/// A request head: read whole and read byte by byte it is the same, or refused for the same reason.
func fuzzRequest(_ bytes: [UInt8]) {
    let outcome = { (isDripped: Bool) -> String in
        let head = RequestHead()
        var parser = RequestParser()
        let input = buffer(isDripped ? [] : bytes)
        var remaining = bytes[...]
        do throws(FramingError) {
            while try !parser.parse(input, into: head, limits: HeadLimits()) {
                guard isDripped, let byte = remaining.popFirst() else { return "incomplete" }
                input.append(byte)
            }
        } catch {
            return error.description
        }
        return "\(head.method) \(head.target.string) \(head.path.string) \(head.framing) \(lines(head.fields))"
    }
    let whole = outcome(false)
    precondition(isSame(whole, outcome(true)), "a request read byte by byte is another")
}

/// An upstream's response head, in the same two ways.
func fuzzResponse(_ bytes: [UInt8]) {
    let outcome = { (isDripped: Bool) -> String in
        let head = ResponseHead()
        var parser = ResponseParser()
        let input = buffer(isDripped ? [] : bytes)
        var remaining = bytes[...]
        do throws(FramingError) {
            while try !parser.parse(input, into: head, limits: HeadLimits(), method: .get) {
                guard isDripped, let byte = remaining.popFirst() else { return "incomplete" }
                input.append(byte)
            }
        } catch {
            return error.description
        }
        return "\(head.status) \(head.reason.string) \(head.framing) \(lines(head.fields))"
    }
    let whole = outcome(false)
    precondition(isSame(whole, outcome(true)), "a response read byte by byte is another")
}

private func lines(_ fields: FieldList) -> String {
    (0..<fields.count).map { "\(fields.nameString(at: $0)): \(fields.valueString(at: $0))" }.joined(separator: "\n")
}

/// Whether outcomes agree: refused is refused, though the first reason found may be another.
private func isSame(_ first: String, _ second: String) -> Bool {
    let isRefusal = { (text: String) in
        text.utf8.prefix(3).allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && text.contains(": ")
    }
    return first == second || isRefusal(first) && isRefusal(second)
}

/// Chunked content: whole and byte by byte it holds the same data.
func fuzzChunks(_ bytes: [UInt8]) {
    let content = { (isDripped: Bool) -> [UInt8]? in
        var decoder = ChunkedDecoder()
        let input = buffer(isDripped ? [] : bytes)
        var remaining = bytes[...]
        var data: [UInt8] = []
        do throws(FramingError) {
            while true {
                switch try decoder.next(input.bytes) {
                case .skip(let count): input.consume(count)
                case .data(let count):
                    for offset in 0..<count { data.append(input[offset]) }
                    input.consume(count)
                case .needMore:
                    guard isDripped, let byte = remaining.popFirst() else { return data }
                    input.append(byte)
                case .end: return data
                }
            }
        } catch {
            return nil
        }
    }
    precondition(content(false) == content(true), "chunks read byte by byte are others")
}

/// An Accept line, and media types.
func fuzzAccept(_ bytes: [UInt8]) {
    let fields = FieldList()
    fields.append(.accept, String(decoding: bytes, as: UTF8.self))
    let types: [StaticString] = ["application/graphql-response+json", "application/json"]
    let best = AcceptHeader.best(of: types, in: fields)
    for (index, type) in types.enumerated() {
        let quality = AcceptHeader.preference(for: type, in: fields)?.quality ?? 0
        precondition((0...1000).contains(quality), "a weight is out of range")
        if let best, best != index {
            precondition(AcceptHeader.preference(for: types[best], in: fields)?.quality ?? 0 >= quality)
        }
        if best == nil { precondition(quality == 0, "an acceptable type wasn't chosen") }
    }
    let text = buffer(bytes)
    _ = MediaType.isType(text.bytes, "application/json")
    _ = MediaType.parameter("charset", in: text.bytes)
    _ = PriorityField.urgency(in: text.bytes)
    _ = HTTPDate.parse(text.bytes)
}

/// A pattern for User-Agent, a line break, and a User-Agent: the match is the one that the plain definition gives.
func fuzzProfiles(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count <= 200, parts[1].count <= 1000 else { return }
    let pattern = String(decoding: parts[0], as: UTF8.self)
    let text = buffer(parts[1])
    let isMatch = Glob(pattern).matches(text.bytes)
    precondition(isMatch == isMatchByDefinition(Array(pattern.utf8), Array(parts[1])), "the match is wrong")
    let set = ProfileSet([ProfileDefinition(name: "web"), ProfileDefinition(name: "tv", userAgents: [pattern])])
    precondition((set.select(headerValue: nil, userAgent: text.bytes).name == "tv") == isMatch)
}

/// Whether the text is as the pattern says, by a table of all prefixes of both.
private func isMatchByDefinition(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var row = [true] + text.map { _ in false }
    for letter in pattern {
        var next = row.map { _ in false }
        next[0] = row[0] && letter == UInt8(ascii: "*")
        for index in text.indices {
            next[index + 1] =
                letter == UInt8(ascii: "*") ? row[index + 1] || next[index] : row[index] && letter == text[index]
        }
        row = next
    }
    return row.last ?? false
}

/// Templates, door patterns and paths as the configuration has them, and a request path against them.
func fuzzTemplates(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let raw = buffer(bytes)
    if let template = try? URITemplate(text) {
        precondition(template.variables.allSatisfy { !$0.name.isEmpty }, "a variable has no name")
    }
    if let path = try? JSONPath(text) {
        precondition((try? JSONPath(path.description)) == path, "a path isn't what it prints as")
    }
    _ = PercentCoding.hasDotSegment(raw.bytes)
    if let decoded = PercentCoding.decode(raw.bytes) {
        let encoded = ByteBuffer(capacity: 64)
        PercentCoding.appendEncoded(decoded, to: encoded)
        precondition(PercentCoding.decode(encoded.bytes) == decoded, "encoding isn't undone by decoding")
    }
    var captures: [Range<Int>] = []
    for door in ["GET /a/{b}/c", "ANY /{path...}", text].compactMap({ try? DoorPattern($0) })
    where door.matches(raw.bytes, captures: &captures) {
        precondition(captures.count == door.variableNames.count, "a variable has no value")
    }
}

/// Identifiers that a client sends.
func fuzzIdentifiers(_ bytes: [UInt8]) {
    let text = buffer(bytes)
    if RequestID.isAcceptable(text.bytes) {
        precondition((1...128).contains(bytes.count) && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
    if let trace = TraceContext(traceparent: text.bytes) {
        let again = ByteBuffer()
        trace.appendTraceparent(to: again)
        precondition(TraceContext(traceparent: again.bytes) == trace, "a trace context isn't what it prints as")
    }
}
