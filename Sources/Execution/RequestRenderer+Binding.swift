internal import Bytes
internal import GraphQL
internal import HTTP
internal import JSON
internal import Planning

/// Lays the values of a route's inputs into the scratch.
extension RequestRenderer {
    /// A value, or why there is no call.
    enum Bound {
        case value(BoundValue)
        case refused(Issue)
    }

    /// The value of one input.
    func bind(_ binding: Binding, _ inputs: RenderInputs) -> Bound {
        switch binding {
        case .literal(let value):
            return .value(lay(value))
        case .argument(let path):
            return bindArgument(path, inputs)
        case .parent(let steps):
            guard let body = inputs.body else { break }
            return bindParent(steps, body, record: inputs.record)
        case .batch:
            guard let run = inputs.run, let keys = inputs.keys else { break }
            return .value(lay(keys, of: run.batches[Int(run.fetches[inputs.fetch].batch)].keys))
        case .header(let name):
            return .value(layHeader(name, inputs.context.requestFields))
        case .claim(let path):
            return .value(layJSON(origin: .claim) { inputs.context.appendClaim(path, to: $0) })
        case .clientSubject:
            guard let subject = inputs.context.clientSubject else {
                return .value(BoundValue(slot: .missing, origin: .client))
            }
            return .value(lay(plain: subject, origin: .client))
        case .profile:
            return .value(lay(plain: inputs.profile, origin: .gateway))
        case .list, .object:
            return bindNested(binding, inputs)
        }
        // A door has no parent; its route was refused when it was checked.
        return .value(BoundValue(slot: .missing, origin: .gateway))
    }

    private func bindArgument(_ path: [String], _ inputs: RenderInputs) -> Bound {
        guard let run = inputs.run else { return .value(lay(inputs.parameters.value(at: path), origin: .client)) }
        if path.count == 1, let value = run.plainArgument(path[0], of: inputs.fetch) {
            return .value(lay(value, origin: .client))
        }
        switch run.arguments(of: inputs.fetch) {
        case .refused(let issue): return .refused(issue)
        case .values(let values): return .value(lay(values.value(at: path), origin: .client))
        }
    }

    /// A list or object of bindings, as JSON text. Its parts are laid first, so the text is put together aside.
    private func bindNested(_ binding: Binding, _ inputs: RenderInputs) -> Bound {
        let text = ByteBuffer(capacity: 128)
        if let issue = append(binding, inputs, to: text).issue { return .refused(issue) }
        return .value(
            layJSON(origin: .gateway) {
                $0.append(text); return true
            })
    }

    /// Appends a binding's value as JSON; an absent one writes nothing and says so.
    private func append(
        _ binding: Binding, _ inputs: RenderInputs, to text: ByteBuffer
    ) -> (isPresent: Bool, issue: Issue?) {
        switch binding {
        case .list(let items):
            text.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                let written = append(item, inputs, to: text)
                if written.issue != nil { return written }
                if !written.isPresent { text.append("null") }
            }
            text.append(UInt8(ascii: "]"))
            return (true, nil)
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in members {
                let start = text.count
                if !isFirst { text.append(UInt8(ascii: ",")) }
                text.appendJSONName(member.name)
                let written = append(member.value, inputs, to: text)
                if written.issue != nil { return written }
                if written.isPresent { isFirst = false } else { text.truncate(to: start) }
            }
            text.append(UInt8(ascii: "}"))
            return (true, nil)
        default:
            switch bind(binding, inputs) {
            case .refused(let issue): return (false, issue)
            case .value(let value): return (appendJSON(value, to: text), nil)
            }
        }
    }

    /// A member of the parent's JSON: a path that goes on below what is no object is a mismatch.
    private func bindParent(_ steps: [PathStep], _ body: ResultBody, record: Int) -> Bound {
        var slot = Slot(.object)
        for (index, step) in steps.enumerated() {
            if slot.isNullOrMissing { return .value(BoundValue(slot: slot, origin: .parent)) }
            switch step {
            case .member(_, let place):
                guard slot.kind == .object else { return mismatch(.object, slot, steps, index) }
                slot = body.slot(index == 0 ? record : body.record(of: slot), place)
            case .element(let place):
                guard slot.kind == .list else { return mismatch(.array, slot, steps, index) }
                let items = body.elements(of: slot)
                slot = place < items.count ? body.element(items, place) : .missing
            }
        }
        return .value(lay(slot, of: body))
    }

    private func mismatch(_ expected: JSONKind, _ slot: Slot, _ steps: [PathStep], _ reached: Int) -> Bound {
        var issue = Issue.mismatch(expected: expected.rawValue, found: JSONKind(slot.kind).rawValue)
        issue.parentPointer = steps[..<reached].reversed().map(ResponseWriter.token)
        return .refused(issue)
    }

    // MARK: Laying

    /// Copies a value of the parent's JSON; an integral number is written without a fraction.
    private func lay(_ slot: Slot, of body: ResultBody) -> BoundValue {
        if slot.isNullOrMissing { return BoundValue(slot: slot, origin: .parent) }
        var copy = slot
        let start = scratch.count
        if slot.kind != .number || !slot.appendCanonicalInteger(in: body.text, to: scratch) {
            scratch.append(slot, of: body.text)
        } else {
            copy.flags = []
        }
        let quotes = slot.kind == .string ? 1 : 0
        copy.offset = UInt32(truncatingIfNeeded: start + quotes)
        copy.length = UInt32(truncatingIfNeeded: scratch.count - start - 2 * quotes)
        copy.payload = 0
        return BoundValue(slot: copy, origin: .parent)
    }

    private func lay(_ range: Range<Int>, of keys: BatchKeys) -> BoundValue {
        layJSON(origin: .gateway) { text in
            text.append(UInt8(ascii: "["))
            keys.append(range, to: text)
            text.append(UInt8(ascii: "]"))
            return true
        }
    }

    private func layHeader(_ name: String, _ fields: FieldList?) -> BoundValue {
        guard let fields, let index = fields.index(ofName: name) else {
            return BoundValue(slot: .missing, origin: .client)
        }
        let start = scratch.count
        scratch.append(fields.value(at: index))
        return plainValue(from: start, origin: .client)
    }

    private func lay(plain text: String, origin: BoundValue.Origin) -> BoundValue {
        let start = scratch.count
        scratch.append(text)
        return plainValue(from: start, origin: origin)
    }

    private func plainValue(from start: Int, origin: BoundValue.Origin) -> BoundValue {
        let slot = Slot(
            .string, offset: UInt32(truncatingIfNeeded: start),
            length: UInt32(truncatingIfNeeded: scratch.count - start))
        return BoundValue(slot: slot, origin: origin, isPlain: true)
    }

    private func lay(_ value: TemplateValue) -> BoundValue {
        if case .string(let text) = value { return lay(plain: text, origin: .gateway) }
        return layJSON(origin: .gateway) {
            $0.append(value.json); return true
        }
    }

    /// Lays JSON text that `write` appends; absent if it says false.
    private func layJSON(origin: BoundValue.Origin, _ write: (ByteBuffer) -> Bool) -> BoundValue {
        let start = scratch.count
        guard write(scratch), scratch.count > start else { return BoundValue(slot: .missing, origin: origin) }
        let whole = Slot(
            .list, offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: scratch.count - start))
        var cursor = JSONCursor(scratch, at: whole)
        do throws(JSONError) {
            return BoundValue(slot: try cursor.value(), origin: origin)
        } catch {
            return BoundValue(slot: .missing, origin: origin)
        }
    }

    /// Lays a coerced input value: strings and enum values plain, all else as JSON.
    private func lay(_ value: InputValue?, origin: BoundValue.Origin) -> BoundValue {
        switch value {
        case nil: BoundValue(slot: .missing, origin: origin)
        case .string(let text), .enum(let text): lay(plain: text, origin: origin)
        case let value?:
            layJSON(origin: origin) {
                value.appendJSON(to: $0); return true
            }
        }
    }
}
