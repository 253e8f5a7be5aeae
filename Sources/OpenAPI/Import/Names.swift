internal import GraphQL

/// Names that GraphQL allows (§2.1.9), from names that an OpenAPI document gives.
enum Names {
    /// Names that a schema has already, or that mean something in it.
    static let reserved: Set<String> = [
        "Query", "Mutation", "Subscription", "Int", "Float", "String", "Boolean", "ID", "JSON", "Int64",
        "RouteArguments", "KindMap",
    ]

    /// Whether a member of a schema may be called so: the specification keeps names with two underscores at the start.
    static func isFree(_ name: String) -> Bool { SDLText.isName(name) && !name.hasPrefix("__") }

    /// `simple-user` and `simple_user` as `SimpleUser`.
    static func type(_ text: String) -> String {
        let words = text.split { !isLetterOrDigit($0) }
        let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return begun(name.isEmpty ? "Type" : name, digit: "T")
    }

    /// A name that is one already as it is; else `X-Request-ID` as `xRequestID`, `page[size]` as `pageSize`.
    static func field(_ text: String) -> String {
        if isFree(text) { return text }
        let words = text.split { !isLetterOrDigit($0) && $0 != "_" }
        let rest = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        var name = lowered(words.first.map(String.init) ?? "") + rest.joined()
        while name.hasPrefix("__") { name.removeFirst() }
        return begun(name.isEmpty || name == "_" ? "value" : name, digit: "_")
    }

    /// The name of an operation, in the style of fields: `repos/list-for-user` as `reposListForUser`.
    static func operation(_ text: String) -> String { lowered(field(text)) }

    /// Without the capital that it begins with; `URLList` stays, since it begins with an abbreviation.
    private static func lowered(_ word: String) -> String {
        let first = word.prefix(1)
        let second = word.dropFirst().first
        guard first != first.lowercased(), second?.isUppercase != true else { return word }
        return first.lowercased() + word.dropFirst()
    }

    private static func begun(_ name: String, digit: String) -> String {
        name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true ? digit + name : name
    }

    private static func isLetterOrDigit(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}

/// Hands out names, none of them twice.
struct UniqueNames {
    private var taken: Set<String>
    /// The number that the last double of a name got.
    private var doubles: [String: Int] = [:]

    /// - Parameter taken: names that are given away already.
    init(taken: Set<String> = []) { self.taken = taken }

    /// The name itself, or with the first free number behind it.
    mutating func claim(_ name: String) -> String {
        if taken.insert(name).inserted { return name }
        let stem = name.last?.isNumber == true ? name + "_" : name
        var number = doubles[stem] ?? 1
        repeat { number += 1 } while !taken.insert("\(stem)\(number)").inserted
        doubles[stem] = number
        return "\(stem)\(number)"
    }
}
