/// Writes the routes of an import as `gateway.yaml`.
struct GatewayText {
    let upstream: String
    /// The service's URL, or nil where the document doesn't tell.
    let url: String?
    /// The path that stands before every request, where only that is known.
    let basePath: String
    /// Header fields of clients that the service wants to see.
    let forwarded: [String]

    /// The file.
    func text(_ routes: [ImportedRoute], comment: String) -> String {
        var text = comment
        text += """
            server:
              listen: 127.0.0.1:8080
            admin:
              listen: 127.0.0.1:9090

            graphql:
              schemas: [schemas/\(upstream).graphql]

            upstreams:
              \(upstream):

            """
        if url == nil { text += "    # The document names no server: put the service's URL here.\n" }
        let address = url ?? "http://127.0.0.1:8000" + basePath
        text += "    url: \(quoted("${\(Self.variable(upstream))_URL:-\(address)}"))\n"
        text += "    timeout: 5s\n    breaker: {}\n"
        if !forwarded.isEmpty { text += "    headers: {forward: [\(forwarded.joined(separator: ", "))]}\n" }
        text += "\nroutes:\n"
        for route in routes { text += line(route) }
        return text
    }

    /// The environment variable by which the service's URL can be given.
    private static func variable(_ upstream: String) -> String {
        let name = String(upstream.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isNumber == true ? "_" + name : name
    }

    private func line(_ route: ImportedRoute) -> String {
        var line =
            "  \(route.name): {upstream: \(upstream), request: \(quoted(escaped("\(route.method) \(route.target)")))"
        if !route.headers.isEmpty {
            let set = route.headers.map { "\(quoted($0.name)): \(quoted($0.value))" }.joined(separator: ", ")
            // What a route says of headers stands in the place of all that its upstream says.
            let forward = forwarded.isEmpty ? "" : "forward: [\(forwarded.joined(separator: ", "))], "
            line += ", headers: {\(forward)set: {\(set)}}"
        }
        switch route.body {
        case nil: break
        case .argument(let name): line += ", body: \"$args.\(name)\""
        case .members(let name, let members):
            let list = members.map { "\(quoted(escaped($0.member))): \"$args.\(name).\($0.field)\"" }
            line += ", body: {\(list.joined(separator: ", "))}"
        }
        return line + "}\n"
    }

    /// Without environment variables in it, which the file would fill in.
    private func escaped(_ text: String) -> String { text.replacing("${", with: "$${") }

    /// A double-quoted scalar (YAML 1.2 section 7.3.1).
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\u{20}"..<"\u{7F}", "\u{A0}"..."\u{D7FF}": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return result + "\""
    }
}
