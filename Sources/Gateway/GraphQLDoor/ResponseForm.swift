internal import Configuration
internal import HTTP

/// In which media type and with which statuses a GraphQL request is answered (contract section 5; GraphQL over HTTP).
struct ResponseForm {
    /// `application/graphql-response+json` instead of `application/json`.
    let isGraphQLResponse: Bool
    /// Whether Accept takes `application/json` and not the other: such a client may not read errors with another status.
    let takesOnlyJSON: Bool

    /// What clients get who don't say what they take, and what is refused before a document exists is told in.
    static let json = ResponseForm(isGraphQLResponse: false, takesOnlyJSON: false)

    /// What Accept asks for; nil where neither type is acceptable.
    static func negotiate(_ fields: FieldList) -> ResponseForm? {
        guard fields.contains(.accept) else { return json }
        let modern = AcceptHeader.preference(for: "application/graphql-response+json", in: fields)
        let plain = AcceptHeader.preference(for: "application/json", in: fields)
        let modernQuality = modern?.quality ?? 0
        let plainQuality = plain?.quality ?? 0
        guard modernQuality > 0 || plainQuality > 0 else { return nil }
        // Only `*/*` takes them: the type that every client reads.
        if (modern?.precision ?? 0) == 0, (plain?.precision ?? 0) == 0, plainQuality > 0 { return json }
        let isModern =
            (modernQuality, modern?.precision ?? 0) >= (plainQuality, plain?.precision ?? 0) && modernQuality > 0
        return ResponseForm(isGraphQLResponse: isModern, takesOnlyJSON: modernQuality == 0)
    }

    var contentType: StaticString {
        isGraphQLResponse ? "application/graphql-response+json; charset=utf-8" : "application/json; charset=utf-8"
    }
}

/// What kind of answer a status is wanted for: the rows of contract section 5.
enum AnswerKind {
    case data
    case dataWithErrors
    case notJSON
    case notWellFormed
    case notParsed
    case refused
    case persistedQueryNotFound
    case rateLimited

    /// Whether there was no document yet that the answer could be about.
    var isBeforeDocument: Bool { self == .notJSON || self == .notWellFormed }

    /// The status.
    func status(_ profile: GraphQLConfiguration.StatusProfile, _ form: ResponseForm) -> Int {
        let isDraft = profile == .draft2026
        switch self {
        case .data: return 200
        case .dataWithErrors: return isDraft ? 294 : 200
        case .notJSON: return 400
        case .notWellFormed: return isDraft ? 422 : 400
        case .notParsed:
            if isDraft { return 400 }
            return form.takesOnlyJSON ? 200 : 400
        case .refused:
            if isDraft { return 422 }
            return form.takesOnlyJSON ? 200 : 400
        case .rateLimited: return 429
        case .persistedQueryNotFound: return isDraft ? 422 : 200
        }
    }
}
