internal import Configuration

/// A door's pattern as a path template of OpenAPI.
struct DoorPath {
    /// `/api/v1/users/{id}`; the rest of a path, `{path...}`, is an ordinary variable here.
    let template: String
    /// The variables: the door's name, and the one in the template.
    let variables: [(name: String, written: String, isRest: Bool)]

    /// - Parameter known: the variables of a path of the same form. Templates that differ only in them are the same path
    ///   (OpenAPI 3.1 section 4.8.8), so the first one's names stand for all.
    init(_ segments: [DoorConfiguration.Segment], known: [String]?) {
        var template = ""
        var variables: [(name: String, written: String, isRest: Bool)] = []
        for segment in segments {
            switch segment {
            case .literal(let text): template += "/" + text
            case .parameter(let name), .rest(let name):
                let isRest = if case .rest = segment { true } else { false }
                let written = known.flatMap { $0.indices.contains(variables.count) ? $0[variables.count] : nil } ?? name
                template += "/{\(written)}"
                variables.append((name, written, isRest))
            }
        }
        self.template = template.isEmpty ? "/" : template
        self.variables = variables
    }

    /// What is the same for paths that differ only in the names of their variables.
    static func form(_ segments: [DoorConfiguration.Segment]) -> [String] {
        segments.map { segment in
            if case .literal(let text) = segment { "/" + text } else { "{}" }
        }
    }
}
