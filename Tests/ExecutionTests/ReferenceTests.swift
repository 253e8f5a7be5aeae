import Bytes
import Foundation
import Planning
import TestSupport
import Testing

@testable import Execution

/// Completes a selection over a tree, by the words of GraphQL §6.4.3: slow, and written without a look at the writer.
private struct Reference {
    /// A field's type in a random schema.
    indirect enum Kind {
        case int, string, boolean, id, object(String), list(Kind), nonNull(Kind)

        var sdl: String {
            switch self {
            case .int: "Int"
            case .string: "String"
            case .boolean: "Boolean"
            case .id: "ID"
            case .object(let name): name
            case .list(let item): "[\(item.sdl)]"
            case .nonNull(let kind): "\(kind.sdl)!"
            }
        }

        var object: String? {
            switch self {
            case .object(let name): name
            case .list(let kind), .nonNull(let kind): kind.object
            default: nil
            }
        }
    }

    struct Propagation: Error {}
    struct Selected {
        var name: String
        var kind: Kind
        var fields: [Selected]
    }

    var errors: [String] = []

    mutating func object(_ value: [String: Any], _ fields: [Selected], _ path: [String]) throws -> String {
        var members: [String] = []
        for field in fields {
            let path = path + [field.name]
            members.append("\"\(field.name)\":\(try complete(value[field.name], field.kind, field.fields, path))")
        }
        return "{\(members.joined(separator: ","))}"
    }

    mutating func complete(_ value: Any?, _ kind: Kind, _ fields: [Selected], _ path: [String]) throws -> String {
        if case .nonNull(let inner) = kind {
            let known = errors.count
            let text = try complete(value, inner, fields, path, isNonNull: true)
            if text == "null" {
                if errors.count == known { errors.append(path.joined(separator: ".")) }
                throw Propagation()
            }
            return text
        }
        return try complete(value, kind, fields, path, isNonNull: false)
    }

    private mutating func complete(
        _ value: Any?, _ kind: Kind, _ fields: [Selected], _ path: [String], isNonNull: Bool
    ) throws -> String {
        guard let value, !(value is NSNull) else { return "null" }
        do {
            switch (kind, value) {
            case (.int, let number as NSNumber) where !Self.isBoolean(number): return "\(number)"
            case (.id, let number as NSNumber) where !Self.isBoolean(number): return "\"\(number)\""
            case (.string, let text as String), (.id, let text as String): return "\"\(text)\""
            case (.boolean, let number as NSNumber) where Self.isBoolean(number):
                return number.boolValue ? "true" : "false"
            case (.object, let members as [String: Any]): return try object(members, fields, path)
            case (.list(let item), let items as [Any]):
                var texts: [String] = []
                for (index, value) in items.enumerated() {
                    texts.append(try complete(value, item, fields, path + ["\(index)"]))
                }
                return "[\(texts.joined(separator: ","))]"
            default:
                errors.append(path.joined(separator: "."))
                return "null"
            }
        } catch is Propagation where !isNonNull {
            return "null"
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool { unsafe number.objCType.pointee == 0x63 }
}

@Suite("GraphQL §6.4.3 against a reference")
struct ReferenceTests {
    /// Draws schemas, data that mostly fits them, and selections.
    private struct Source {
        var random: Seeded
        var types: [String: [(name: String, kind: Reference.Kind)]] = [:]

        mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

        mutating func kind(_ level: Int) -> Reference.Kind {
            switch below(level < 3 ? 10 : 7) {
            case 0: .int
            case 1: .string
            case 2: .boolean
            case 3: .id
            case 4, 5: .nonNull(nullable(level))
            case 6: .list(level > 5 ? .int : kind(level + 1))
            default: .object("T\(below(4))")
            }
        }

        private mutating func nullable(_ level: Int) -> Reference.Kind {
            if case .nonNull(let inner) = kind(level + 1) { return inner }
            return below(2) == 0 ? .list(.nonNull(.id)) : .string
        }

        mutating func schema() -> String {
            var sdl = "type Query { root: T0 @rest(route: \"root\") }\n"
            for type in 0..<4 {
                let fields = (0..<5).map { (name: "f\($0)", kind: kind(0)) }
                types["T\(type)"] = fields
                sdl += "type T\(type) { \(fields.map { "\($0.name): \($0.kind.sdl)" }.joined(separator: " ")) }\n"
            }
            return sdl
        }

        mutating func selection(_ type: String, _ depth: Int) -> [Reference.Selected] {
            var selected: [Reference.Selected] = []
            for field in types[type] ?? [] where below(3) > 0 {
                if let object = field.kind.object {
                    let inner = depth < 3 ? selection(object, depth + 1) : []
                    if !inner.isEmpty { selected.append(.init(name: field.name, kind: field.kind, fields: inner)) }
                } else {
                    selected.append(.init(name: field.name, kind: field.kind, fields: []))
                }
            }
            return selected
        }

        mutating func value(_ kind: Reference.Kind, _ depth: Int) -> String {
            if below(25) == 0 { return ["null", "true", "3", "\"x\"", "[]", "{}", "[null]"][below(7)] }
            switch kind {
            case .int: return "\(below(2000) - 1000)"
            case .string: return "\"s\(below(100))\""
            case .boolean: return below(2) == 0 ? "true" : "false"
            case .id: return below(2) == 0 ? "\(below(100))" : "\"i\(below(100))\""
            case .nonNull(let inner): return value(inner, depth)
            case .list(let item):
                return "[\((0..<below(4)).map { _ in value(item, depth + 1) }.joined(separator: ", "))]"
            case .object(let name):
                if depth > 5 { return "null" }
                var members: [String] = []
                for field in types[name] ?? [] where below(12) > 0 {
                    members.append("\"\(field.name)\" : \(value(field.kind, depth + 1))")
                }
                if below(2) == 0 { members.append(#""extra":{"f0":[1,{"f1":2}]}"#) }
                if below(2) == 0 { members.reverse() }
                return "{\(members.joined(separator: ","))}"
            }
        }
    }

    private static func text(_ fields: [Reference.Selected]) -> String {
        fields.map { $0.fields.isEmpty ? $0.name : "\($0.name) { \(text($0.fields)) }" }.joined(separator: " ")
    }

    @Test func `random data under random selections gives the same data and error paths`() throws {
        var system = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 1...(.max), using: &system)
        var source = Source(random: Seeded(seed))
        var errorCount = 0
        for _ in 0..<30 {
            let sdl = source.schema()
            let harness = try Harness(sdl, [("root", "GET /root")])
            for _ in 0..<10 {
                let selected = source.selection("T0", 0)
                guard !selected.isEmpty else { continue }
                let content = source.value(.object("T0"), 0)
                harness.script.replies["GET /root"] = .content(200, content)
                let outline = try harness.outline("{ root { \(Self.text(selected)) } }")
                var reference = Reference()
                let tree = try JSONSerialization.jsonObject(with: Data(content.utf8), options: .fragmentsAllowed)
                let expected = try reference.complete(tree, .object("T0"), selected, ["root"])
                let context: Comment = "seed \(seed)\n\(sdl)\n{ \(Self.text(selected)) }\n\(content)"
                #expect(outline.data == "{\"root\":\(expected)}", context)
                #expect(outline.errors == reference.errors.map { "TYPE_MISMATCH \($0)" }, context)
                errorCount += reference.errors.count
            }
        }
        #expect(errorCount > 0)
    }
}
