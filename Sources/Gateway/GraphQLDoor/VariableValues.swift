package import Bytes
package import GraphQL
internal import JSON

/// A request's variables, read from its JSON as values that coercion takes; numbers keep their digits.
package enum VariableValues {
    /// The members of the object `slot` of `body`, which has been validated.
    static func read(_ slot: Slot, in body: ByteBuffer) -> [InputMember] {
        guard slot.kind == .object else { return [] }
        var cursor = JSONCursor(body, at: slot)
        var values: [InputMember] = []
        do throws(JSONError) {
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                values.append(InputMember(name: name.string(in: body) ?? "", value: try value(&cursor)))
            }
        } catch {
            return values
        }
        return values
    }

    /// The value that `text` is; nil where it is no JSON.
    package static func parse(_ text: ByteBuffer) -> InputValue? {
        do throws(JSONError) {
            var cursor = try JSONCursor(text)
            return try value(&cursor)
        } catch {
            return nil
        }
    }

    /// Nesting is bounded by the validation that came before.
    private static func value(_ cursor: inout JSONCursor) throws(JSONError) -> InputValue {
        let body = cursor.body
        switch cursor.nextKind {
        case .object:
            var members: [InputMember] = []
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                members.append(InputMember(name: name.string(in: body) ?? "", value: try value(&cursor)))
            }
            return .object(members)
        case .list:
            var items: [InputValue] = []
            try cursor.enterList()
            while try cursor.nextElement() { items.append(try value(&cursor)) }
            return .list(items)
        default:
            let slot = try cursor.value()
            switch slot.kind {
            case .string: return .string(slot.string(in: body) ?? "")
            case .number: return .number(slot.bytes(in: body).string)
            case .true: return .boolean(true)
            case .false: return .boolean(false)
            default: return .null
            }
        }
    }
}
