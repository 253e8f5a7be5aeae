internal import Configuration

/// An OpenAPI document while it is imported: its parts, what its references lead to, and what was found wrong with it.
/// It belongs to one import.
final class OpenAPIDocument {
    /// References that may lead to one another.
    private static let longestChain = 32

    let root: YAMLNode
    let file: String
    /// The names of `components.schemas`.
    let schemaNames: [ObjectIdentifier: String]
    private(set) var problems: [Problem] = []
    private var resolved: [String: YAMLNode] = [:]

    init(_ root: YAMLNode, file: String) {
        self.root = root
        self.file = file
        let pairs = root["components"]?["schemas"]?.pairs ?? []
        schemaNames = Dictionary(pairs.map { (ObjectIdentifier($0.value), $0.key.characters ?? "") }) { first, _ in
            first
        }
    }

    /// `components.schemas`, in order.
    var schemas: [YAMLNode.Pair] { root["components"]?["schemas"]?.pairs ?? [] }

    func warn(_ message: String, at node: YAMLNode) { report(message, .warning, at: node) }

    func refuse(_ message: String, at node: YAMLNode) { report(message, .error, at: node) }

    private func report(_ message: String, _ severity: Problem.Severity, at node: YAMLNode) {
        guard problems.count < 1_000 else { return }
        problems.append(Problem(file: file, at: node.mark, severity: severity, message: message))
    }

    // MARK: References

    /// What a node stands for: itself, or what its `$ref` leads to, through further ones.
    /// - Returns: nil where a reference leads nowhere that is read; that has been reported.
    func resolve(_ node: YAMLNode) -> YAMLNode? {
        var node = node
        for _ in 0..<Self.longestChain {
            guard let reference = node["$ref"], let text = reference.text else { return node }
            guard let next = target(of: text, at: reference) else { return nil }
            node = next
        }
        warn("this reference leads to too many others, or back to itself; it is left out", at: node)
        return nil
    }

    /// The node that one reference names (RFC 6901, in a URI's fragment); nil after that was reported.
    func target(of text: String, at node: YAMLNode) -> YAMLNode? {
        if let known = resolved[text] { return known }
        guard text.hasPrefix("#") else {
            warn("\"\(shown(text))\" leads to another document, which is not read; bundle them into one", at: node)
            return nil
        }
        guard text == "#" || text.hasPrefix("#/") else {
            warn(
                "\"\(shown(text))\" names an anchor; only references such as #/components/schemas/X are read", at: node)
            return nil
        }
        var found: YAMLNode? = root
        for token in text.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) where text != "#" {
            let name = Self.unescaped(token)
            found = found.flatMap { $0[name] ?? Self.item(name, of: $0) }
        }
        guard let found else {
            warn("\"\(shown(text))\" leads to nothing in this document", at: node)
            return nil
        }
        resolved[text] = found
        return found
    }

    private static func item(_ index: String, of node: YAMLNode) -> YAMLNode? {
        guard let items = node.items, let index = Int(index), items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// A token of a JSON pointer: percent-decoded, `~1` a slash and `~0` a tilde.
    private static func unescaped(_ token: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(token.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), rest.count >= 2, let decoded = UInt8(digits, radix: 16) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("~") ? text.replacing("~1", with: "/").replacing("~0", with: "~") : text
    }

    /// A text for a message: its beginning where it is long.
    func shown(_ text: String) -> String { text.unicodeScalars.count > 60 ? "\(text.prefix(60))…" : text }
}
