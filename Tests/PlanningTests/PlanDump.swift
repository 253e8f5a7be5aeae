@testable import Planning

extension Plan {
    /// The plan as text: the selection with the source of each field, then the calls.
    var dump: String {
        var lines: [String] = []
        Self.append(root, 0, &lines)
        for fetch in fetches { lines.append(fetch.dump) }
        if !dropped.isEmpty {
            lines.append(
                "dropped " + dropped.map { $0.coordinate + ($0.isConditional ? "?" : "") }.joined(separator: " "))
        }
        return lines.joined(separator: "\n")
    }

    static func append(_ selection: ObjectSelection, _ level: Int, _ lines: inout [String]) {
        let indentation = String(repeating: "  ", count: level)
        for field in selection.fields {
            lines.append("\(indentation)\(field.responseKey): \(field.type.name) <- \(field.source.text)")
            append(field.type, level + 1, &lines)
        }
    }

    private static func append(_ type: OutputType, _ level: Int, _ lines: inout [String]) {
        switch type {
        case .nonNull(let type), .list(let type, _): append(type, level, &lines)
        case .leaf: break
        case .object(let selection): append(selection, level, &lines)
        case .abstract(let abstract):
            let indentation = String(repeating: "  ", count: level)
            lines.append("\(indentation)by \(abstract.kindPath.text)")
            for selection in abstract.selections {
                lines.append("\(indentation)\(selection.typeName)")
                append(selection, level + 1, &lines)
            }
        }
    }
}

extension [PathStep] {
    var text: String {
        map { step in
            switch step {
            case .member(let name, let slot): "\(name)@\(slot)"
            case .element(let index): "[\(index)]"
            }
        }.joined(separator: ".")
    }
}

extension FieldSource {
    var text: String {
        switch self {
        case .path(let steps): steps.text
        case .fetch(let id): "call \(id)"
        case .typeName: "type name"
        case .dropped(let index): "dropped \(index)"
        case .denied(let refusal): "denied \(refusal)"
        case .introspection: "introspection"
        }
    }
}

extension OutputType {
    var name: String {
        switch self {
        case .nonNull(let type): type.name + "!"
        case .list(let type, let cap): "[\(type.name)]" + (cap.map { "(\($0))" } ?? "")
        case .leaf(let leaf):
            switch leaf {
            case .int: "Int"
            case .float: "Float"
            case .string: "String"
            case .boolean: "Boolean"
            case .id: "ID"
            case .enumeration(let values): values.typeName
            case .custom(let name): name
            }
        case .object(let selection): selection.typeName
        case .abstract(let selection): selection.typeName
        }
    }
}

extension FetchPlan {
    var dump: String {
        var text = "call \(id): \(route.name) for \(responsePath.joined(separator: "."))"
        text += parent.map { " of call \($0)" } ?? ""
        text += " join@\(joinSlot)"
        for (index, binding) in bindings.enumerated() {
            text += " \(route.inputName(index))=\(binding.dump)"
        }
        if !at.isEmpty { text += " at \(at.text)" }
        if let batch {
            text += " batch \(batch.parentKey.text)->\(batch.answerKey.text) max \(batch.max ?? 0)"
            text += batch.isList ? " list" : ""
        }
        return text
    }
}

extension Binding {
    var dump: String {
        switch self {
        case .literal(let value): value.json
        case .argument(let names): "$args." + names.joined(separator: ".")
        case .parent(let steps): "$this." + steps.text
        case .batch: "$batch"
        case .header(let name): "$header." + name
        case .claim(let names): "$claims." + names.joined(separator: ".")
        case .clientSubject: "$client.subject"
        case .profile: "$profile"
        case .list(let items): "[" + items.map(\.dump).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\($0.name):\($0.value.dump)" }.joined(separator: ",") + "}"
        }
    }
}
