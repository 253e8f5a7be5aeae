internal import Bytes
internal import HTTP
internal import JSON
internal import Planning

/// The query of a request: a null or absent value drops its pair, a list repeats it or is joined.
extension RequestRenderer {
    /// Renders all pairs behind a path.
    func appendQuery(_ pairs: [URITemplate.Pair], _ bound: BoundRoute, to target: ByteBuffer) {
        // Variables of the path come first.
        var variable = bound.route.templateInputs.count
        for pair in pairs { variable -= Self.variableCount(pair) }
        var separator = UInt8(ascii: "?")
        for pair in pairs {
            let inputs = bound.route.templateInputs[variable...].prefix(Self.variableCount(pair))
            variable += inputs.count
            for item in repetitions(of: pair, inputs) {
                target.append(separator)
                separator = UInt8(ascii: "&")
                target.append(pair.name)
                guard let parts = pair.value else { continue }
                target.append(UInt8(ascii: "="))
                append(parts, inputs, item: item, to: target)
            }
        }
    }

    private static func variableCount(_ pair: URITemplate.Pair) -> Int {
        pair.value?.count { if case .variable = $0 { true } else { false } } ?? 0
    }

    /// For each time that the pair is written the item that stands for its list: none where a value is null or absent,
    /// one that is nil where there is no list to repeat for.
    private func repetitions(of pair: URITemplate.Pair, _ inputs: ArraySlice<Int>) -> [BoundValue?] {
        var inputs = inputs
        var items: [BoundValue?]?
        for case .variable(let variable) in pair.value ?? [] {
            guard let input = inputs.popFirst() else { return [] }
            let value = values[input]
            if value.slot.isNullOrMissing { return [] }
            if value.slot.kind == .list, variable.joiner == nil, items == nil { items = self.items(of: value) }
        }
        return items ?? [nil]
    }

    /// The items of a list without its nulls.
    private func items(of list: BoundValue) -> [BoundValue] {
        var items: [BoundValue] = []
        var cursor = JSONCursor(scratch, at: list.slot)
        do throws(JSONError) {
            try cursor.enterList()
            while try cursor.nextElement() {
                let slot = try cursor.value()
                if !slot.isNullOrMissing { items.append(BoundValue(slot: slot, origin: list.origin)) }
            }
        } catch {
            // The scratch holds only JSON that has been validated or written by us.
            return items
        }
        return items
    }

    private func append(
        _ parts: [URITemplate.Part], _ inputs: ArraySlice<Int>, item: BoundValue?, to target: ByteBuffer
    ) {
        var inputs = inputs
        for part in parts {
            switch part {
            case .literal(let bytes): target.append(bytes)
            case .variable(let variable):
                guard let input = inputs.popFirst() else { return }
                let value = values[input]
                if value.slot.kind == .list, let joiner = variable.joiner {
                    for (position, item) in items(of: value).enumerated() {
                        if position > 0 { target.append(joiner) }
                        appendEncoded(item, to: target)
                    }
                } else {
                    appendEncoded(value.slot.kind == .list ? item ?? value : value, to: target)
                }
            }
        }
    }

    /// Appends a value percent-encoded; a list or object as its JSON text.
    private func appendEncoded(_ value: BoundValue, to target: ByteBuffer) {
        if layPlain(value) {
            PercentCoding.appendEncoded(plain.bytes, to: target)
        } else {
            PercentCoding.appendEncoded(value.slot.bytes(in: scratch), to: target)
        }
    }
}
