extension ConfigurationSchema {
    /// One of `rest`: exactly one of `route`, `operation` and `upstream`, each with keys of its own.
    static let door: SchemaNode = {
        let step = #"[^.\[\]]+(?:\[(?:\*|[0-9]{1,9})\])*"#
        let path = SchemaNode.text("\(step)(?:\\.\(step))*")
        let both = SchemaValue.object([("required", .texts(["shape", "drop"]))])
        let kinds = SchemaValue.list([
            kind("route", without: ["rewrite"], and: [("not", both)]),
            kind("operation", without: ["shape", "drop", "rewrite"]), kind("upstream", without: ["shape", "drop"]),
        ])
        return .object(
            [
                "route": .text().described("The route whose answer this door gives."),
                "operation": .text().described("A file with one GraphQL operation; path and query are its variables."),
                "upstream": .text().described("The upstream to which everything is streamed through."),
                "shape": .text("[_A-Za-z][_0-9A-Za-z]*")
                    .described("The object type that the route's answer is trimmed to."),
                "drop": .map(
                    of: .list(of: path).described("Paths such as avatar.large and history[*].debug.")
                ).described("What is left out of the route's answer, by profile."),
                "rewrite": .text("/.*").described("The path that is sent upstream, \"/{path}\"."),
                "body": .size.described("Most bytes of content taken."), "priority": priority,
            ], mayBeEmpty: false, rules: [("oneOf", kinds)]
        ).described("A door for REST clients.")
    }()

    private static func kind(
        _ key: String, without others: [String], and rules: [(name: String, value: SchemaValue)] = []
    ) -> SchemaValue {
        let none = SchemaValue.object(others.map { ($0, .flag(false)) })
        return .object([("required", .texts([key])), ("properties", none)] + rules)
    }
}
