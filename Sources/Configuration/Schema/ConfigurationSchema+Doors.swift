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
                "body": .size.described("Most bytes of content taken."), "priority": priority, "require": require,
                "public": .boolean.standard(.flag(false))
                    .described("Whether it is open to those without a token under auth.default: deny."),
            ], mayBeEmpty: false, rules: [("oneOf", kinds)]
        ).described("A door for REST clients.")
    }()

    private static func kind(
        _ key: String, without others: [String], and rules: [(name: String, value: SchemaValue)] = []
    ) -> SchemaValue {
        let none = SchemaValue.object(others.map { ($0, .flag(false)) })
        return .object([("required", .texts([key])), ("properties", none)] + rules)
    }

    /// `cors`.
    static let cors: SchemaNode = {
        let values = CORSConfiguration.Policy(origin: Located(.any, at: .start))
        let origin = SchemaNode.text(#"\*|[a-z][a-z0-9+.-]*://[^/?#]+"#)
            .described("An origin, https://app.example, https://*.app.example, http://localhost:*, or *.")
        let credentials = SchemaNode.boolean.standard(.flag(values.credentials))
            .described("Whether cookies and the like may go along.")
        let methods = SchemaNode.list(of: .token).described("Methods; those that the door offers unless given.")
        let headers = SchemaNode.list(of: .token)
            .described("Fields that a page may send; those that it asks for unless given.")
        let exposed = SchemaNode.list(of: .token).standard(.texts(values.exposeHeaders))
            .described("Fields that a page may read beside those that it always may.")
        let maxAge = SchemaNode.duration.standard(.duration(values.maxAge))
            .described("How long a browser may keep the answer of a preflight.")
        let privateNetwork = SchemaNode.boolean.standard(.flag(values.privateNetwork))
            .described("Whether pages of the public internet may ask a gateway in a private network.")
        let own = SchemaNode.object(
            [
                "origin": origin, "credentials": credentials, "methods": methods, "headers": headers,
                "exposeHeaders": exposed, "maxAge": maxAge, "privateNetwork": privateNetwork,
            ], required: ["origin"], mayBeEmpty: false)
        return .object(
            [
                "origins": .list(of: .anyOf(origin, own), atLeast: 1)
                    .described("Whose pages may read answers; an entry may have settings of its own."),
                "credentials": credentials, "methods": methods, "headers": headers, "exposeHeaders": exposed,
                "maxAge": maxAge, "privateNetwork": privateNetwork,
            ], required: ["origins"], mayBeEmpty: false
        ).described("Which pages of other origins may read answers. Without the block none.")
    }()
}
