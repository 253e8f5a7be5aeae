extension ConfigurationSchema {
    /// `rateLimits`.
    static let rateLimits: SchemaNode = {
        let part = SchemaNode.text("ip|operation|route|profile|header[.][!#$%&'*+.^_`|~0-9A-Za-z-]+|claim[.].+")
        let rule = SchemaNode.object(
            [
                "key": .anyOf(part, .list(of: part, atLeast: 1))
                    .described("What requests are told apart by: one thing, or a list of them."),
                "rate": .text("0*[1-9][0-9]*/[smh]").described("So many in a second, minute or hour: 100/s."),
                "burst": .count().described("How many may come at once; the rate's number without it."),
                "weight": .text("cost").described("cost: an operation counts as what it costs."),
                "store": .choice(StoreKind.self)
                    .standard(.text(StoreKind.local.rawValue))
                    .described("Who counts: this process alone, or all that use one Redis."),
            ], required: ["key", "rate"], mayBeEmpty: false)
        return .list(of: rule).described("How often clients may ask; more is 429.")
    }()

    /// `redis`.
    static let redis = SchemaNode.object(
        [
            "url": .text(#"[rR][eE][dD][iI][sS][sS]?://(?:[^@]*@)?[^/?#@]+(?:/[0-9]*)?"#)
                .described("redis://user:password@host:port/database; rediss for TLS."),
            "tls": tls(of: "How a rediss URL's certificate is trusted."),
        ], required: ["url"], mayBeEmpty: false
    ).described("The Redis that keeps what gateways share.")
}
