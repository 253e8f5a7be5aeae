/// The labels of one metric, fixed when it is made. Values are the gateway's own names, never a client's text.
public struct Labels: ExpressibleByDictionaryLiteral, Hashable, Sendable {
    /// As it stands between the braces: `upstream="users",route="users.get"`.
    let text: String

    /// Labels in the given order; the values are escaped as the exposition format asks.
    public init(_ pairs: [(name: String, value: String)]) {
        text = pairs.map { "\($0.name)=\"\(Labels.escaped($0.value))\"" }.joined(separator: ",")
    }

    /// Labels in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
