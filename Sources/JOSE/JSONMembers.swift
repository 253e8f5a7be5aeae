internal import Bytes
internal import JSON

/// Reads the JSON of tokens and key sets.
enum JSONMembers {
    /// How deep objects and lists may stand in each other.
    static let maximumDepth = 32

    /// Checks that `text` is one JSON object in which no object has two members of the same name: two readers might
    /// take different ones (RFC 7515 §4, RFC 7519 §4). Takes time linear in the text.
    static func isObjectWithoutDuplicates(_ text: ByteBuffer) -> Bool {
        do throws(JSONError) {
            var cursor = try JSONCursor(text, maximumDepth: maximumDepth)
            guard cursor.nextKind == .object else { return false }
            return try isWithoutDuplicates(&cursor)
        } catch {
            return false
        }
    }

    private static func isWithoutDuplicates(_ cursor: inout JSONCursor) throws(JSONError) -> Bool {
        switch cursor.nextKind {
        case .object:
            var names: Set<String> = []
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                guard let text = name.string(in: cursor.body), names.insert(text).inserted else { return false }
                guard try isWithoutDuplicates(&cursor) else { return false }
            }
        case .list:
            try cursor.enterList()
            while try cursor.nextElement() {
                guard try isWithoutDuplicates(&cursor) else { return false }
            }
        default: _ = try cursor.value()
        }
        return true
    }

    /// The member `name` of the object in `slot`; missing where there is none.
    static func member(_ name: String, of slot: Slot, in body: ByteBuffer) -> Slot {
        guard slot.kind == .object else { return .missing }
        var cursor = JSONCursor(body, at: slot)
        do throws(JSONError) {
            try cursor.enterObject()
            while let found = try cursor.nextMember() {
                let value = try cursor.value()
                if found.isString(name, in: body) { return value }
            }
        } catch {
            return .missing
        }
        return .missing
    }

    /// The whole text, which has been validated.
    static func root(_ body: ByteBuffer) -> Slot {
        do throws(JSONError) {
            var cursor = try JSONCursor(body, maximumDepth: maximumDepth)
            return try cursor.value()
        } catch {
            return .missing
        }
    }

    /// The strings of a list, or the one string that stands for a list of one; nil for anything else.
    static func strings(_ slot: Slot, in body: ByteBuffer) -> [String]? {
        if let text = slot.string(in: body) { return [text] }
        guard slot.kind == .list else { return nil }
        var strings: [String] = []
        var cursor = JSONCursor(body, at: slot)
        do throws(JSONError) {
            try cursor.enterList()
            while try cursor.nextElement() {
                guard let text = try cursor.value().string(in: body) else { return nil }
                strings.append(text)
            }
        } catch {
            return nil
        }
        return strings
    }

    /// The members of an object that are strings.
    static func texts(_ slot: Slot, in body: ByteBuffer) -> [String: String] {
        guard slot.kind == .object else { return [:] }
        var texts: [String: String] = [:]
        var cursor = JSONCursor(body, at: slot)
        do throws(JSONError) {
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                let value = try cursor.value()
                if let name = name.string(in: body), let text = value.string(in: body) { texts[name] = text }
            }
        } catch {
            return texts
        }
        return texts
    }
}
