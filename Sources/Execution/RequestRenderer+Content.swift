internal import Bytes
internal import HTTP
internal import JSON
internal import Planning

/// Header fields and content of a request.
extension RequestRenderer {
    /// Renders the route's `headers.set`. A field whose value has a part that is null or absent is left out.
    func appendHeaders(_ bound: BoundRoute, to fields: FieldList) -> Issue? {
        for header in bound.route.headers {
            let line = ByteBuffer(capacity: 64)
            var isLeftOut = false
            for piece in header.value {
                switch piece {
                case .literal(let text): line.append(text)
                case .input(let input):
                    let value = values[input]
                    if layPlain(value) {
                        line.append(plain.bytes)
                    } else if !value.slot.isNullOrMissing {
                        line.append(value.slot, of: scratch)
                    } else {
                        isLeftOut = true
                        continue
                    }
                    guard FieldList.isValidValue(line.bytes) else {
                        return Self.refusal(
                            of: value, "a header field", header.name, found: "a control character",
                            bound.bindings[input])
                    }
                }
            }
            if !isLeftOut { fields.append(name: header.name) { $0.append(line) } }
        }
        return nil
    }

    /// Renders a body template: an absent value writes nothing and says false.
    func append(_ template: BodyTemplate, to output: ByteBuffer) -> Bool {
        switch template {
        case .literal(let json):
            output.append(json)
            return true
        case .input(let input):
            return appendJSON(values[input], to: output)
        case .text(let pieces):
            return appendText(pieces, to: output)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                if !append(item, to: output) { output.append("null") }
            }
            output.append(UInt8(ascii: "]"))
            return true
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in members {
                let start = output.count
                if !isFirst { output.append(UInt8(ascii: ",")) }
                output.append(member.keyJSON)
                if append(member.value, to: output) { isFirst = false } else { output.truncate(to: start) }
            }
            output.append(UInt8(ascii: "}"))
            return true
        }
    }

    /// Appends a bound value as JSON; false for an absent one.
    func appendJSON(_ value: BoundValue, to output: ByteBuffer) -> Bool {
        switch value.slot.kind {
        case .missing: return false
        case .string where value.isPlain: output.appendJSONString(value.slot.bytes(in: scratch))
        default: output.append(value.slot, of: scratch)
        }
        return true
    }

    /// A string put together from pieces: null if one of them is null, absent if one is absent.
    private func appendText(_ pieces: [TextPiece], to output: ByteBuffer) -> Bool {
        let text = ByteBuffer(capacity: 64)
        var isNull = false
        for piece in pieces {
            switch piece {
            case .literal(let literal): text.append(literal)
            case .input(let input):
                let value = values[input]
                if value.slot.kind == .missing { return false }
                if value.slot.kind == .null {
                    isNull = true
                } else if layPlain(value) {
                    text.append(plain.bytes)
                } else {
                    text.append(value.slot, of: scratch)
                }
            }
        }
        if isNull { output.append("null") } else { output.appendJSONString(text.bytes) }
        return true
    }
}
