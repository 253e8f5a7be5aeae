internal import Bytes
public import GraphQL
internal import JSON

/// One difference between two configurations with their schemas and operations.
public struct GatewayChange: Sendable, Hashable {
    /// How much it matters.
    public let severity: ChangeSeverity
    /// What is different: a key of gateway.yaml, a schema coordinate, a stored operation.
    public let subject: String
    /// What happened to it, as the rest of a sentence.
    public let message: String
}

/// Every difference between two configurations: what `sluice diff` prints.
public struct GatewayComparison: Sendable {
    /// The differences, the gravest first, each once.
    public let changes: [GatewayChange]

    init(_ changes: [GatewayChange]) {
        var seen: Set<GatewayChange> = []
        let each = changes.filter { seen.insert($0).inserted }
        self.changes = ChangeSeverity.allCases.reversed().flatMap { severity in
            each.filter { $0.severity == severity }
        }
    }

    /// Whether some request that was answered may now be refused.
    public var breaks: Bool { changes.contains { $0.severity == .breaking } }

    /// How many changes are of a severity.
    public func count(_ severity: ChangeSeverity) -> Int { changes.count { $0.severity == severity } }

    /// For people: a line for each change, and below them how many there are.
    public var text: String {
        guard !changes.isEmpty else { return "no differences\n" }
        let lines = changes.map { change in
            let word = change.severity.rawValue
            return word + String(repeating: " ", count: 10 - word.count) + "\(change.subject) \(change.message)\n"
        }
        let counts = ChangeSeverity.allCases.reversed().map { "\(count($0)) \($0.rawValue)" }
        return lines.joined() + counts.joined(separator: ", ") + "\n"
    }

    /// For programs: `{"changes": [{severity, subject, message}], "breaking": N, "notable": N, "safe": N}`, one line.
    public var json: String {
        let output = ByteBuffer()
        output.append("{\"changes\":[")
        for (index, change) in changes.enumerated() {
            output.append(index == 0 ? "{\"severity\":" : ",{\"severity\":")
            output.appendJSONString(change.severity.rawValue)
            output.append(",\"subject\":")
            output.appendJSONString(change.subject)
            output.append(",\"message\":")
            output.appendJSONString(change.message)
            output.append("}")
        }
        output.append("]")
        for severity in ChangeSeverity.allCases.reversed() {
            output.append(",\"\(severity.rawValue)\":\(count(severity))")
        }
        output.append("}")
        return output.string
    }
}
