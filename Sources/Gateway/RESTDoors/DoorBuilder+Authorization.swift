internal import Configuration
internal import Planning

/// What doors ask of tokens, and what they show of fields under `@auth`.
extension DoorBuilder {
    /// What a token has to grant at a door; nil where none is needed.
    func requirement(of door: DoorConfiguration) -> AccessRequirement? {
        if let require = door.require {
            return table.requirement(roles: require.roles.map(\.value), scopes: require.scopes.map(\.value))
        }
        let isDenied = configuration.auth?.deniesByDefault == true && door.isPublic?.value != true
        return isDenied ? .anyToken : nil
    }

    /// Warns where a door that asks for nothing hands on JSON as it is, in which the schema protects a field.
    mutating func warnOfProtectedFields(_ door: DoorConfiguration) {
        guard let mapping = planner?.mapping, door.require == nil else { return }
        let served: Set<String>
        let mark: Mark
        let what: String
        switch door.destination {
        case .route(let route, let drops):
            served = [route.value]
            mark = route.mark
            what = drops.isEmpty ? "answers the route's JSON as it is" : "leaves out what \"drop\" lists and no more"
        case .upstream(let upstream, _):
            served = Set(configuration.routes.filter { $0.upstream.value == upstream.value }.map(\.name.value))
            mark = upstream.mark
            what = "streams the upstream's answers as they are"
        case .shaped, .operation: return
        }
        guard let field = mapping.protectedField(inAnswersOf: served) else { return }
        report(
            "This door \(what): callers who may not read \(field) see it here. Use \"shape\", or \"require\" a role or "
                + "scope.", at: mark, severity: .warning, rule: .protectedFieldExposed)
    }
}
