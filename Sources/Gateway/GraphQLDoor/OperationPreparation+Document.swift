internal import Bytes
internal import Configuration
internal import Execution
internal import GraphQL
internal import JSON
internal import Planning

/// Which document a request asks for: the one that it holds, or one that the gateway has.
extension OperationPreparation {
    /// The document of `operation`, valid.
    func document(
        _ operation: OperationRequest, _ mapping: MappedSchema
    ) throws(Refusal) -> CachedDocument<ExecutablePlan> {
        let reference: PersistedReference?
        do throws(PersistedReference.Malformed) {
            reference = try PersistedReference.read(operation)
        } catch {
            throw Refusal(.refused, .badUserInput, error.message)
        }
        guard operation.query.kind == .string else {
            if let reference { return try document(named: reference, operation.body, mapping) }
            if isOnlyTrusted { throw Self.notListed }
            throw Refusal(.notWellFormed, .badRequest, "The member \"query\" is missing.")
        }
        if !operation.query.flags.contains(.escaped) {
            return try document(operation.query.bytes(in: operation.body), reference, operation.body, mapping)
        }
        let text = served.takeScratch()
        operation.query.appendString(in: operation.body, to: text)
        return try document(text.bytes, reference, operation.body, mapping)
    }

    /// The document of a text that the gateway has.
    func document(
        _ text: [UInt8], _ mapping: MappedSchema, isTrusted: Bool
    ) throws(Refusal) -> CachedDocument<ExecutablePlan> {
        let bytes = unsafe text.span.bytes
        if let known = served.plans.document(bytes) { return known }
        return try parse(bytes, mapping, isTrusted: isTrusted)
    }

    // MARK: A text, perhaps with its hash

    private func document(
        _ text: RawSpan, _ reference: PersistedReference?, _ body: ByteBuffer, _ mapping: MappedSchema
    ) throws(Refusal) -> CachedDocument<ExecutablePlan> {
        let digest: DocumentDigest? =
            if let reference, reference.isHash { try verify(reference, body, text) } else { nil }
        let known = served.plans.document(text)
        if isOnlyTrusted {
            guard known?.isListed ?? isListed(text) else { throw Self.notListed }
        }
        let document = if let known { known } else { try parse(text, mapping, isTrusted: false) }
        // Not before it is known to be valid.
        if let digest, isAutomatic { registered?.store.register(digest, document.bytes) }
        return document
    }

    /// Checks that `text` is what `reference` names.
    /// - Returns: what it may be registered under; nil where the manifest has it.
    private func verify(
        _ reference: PersistedReference, _ body: ByteBuffer, _ text: RawSpan
    ) throws(Refusal) -> DocumentDigest? {
        // The ids of a manifest may be anything.
        if let trusted = snapshot.trusted, let name = reference.name.string(in: body),
            let listed = trusted.text(of: name), text.equals(unsafe listed.span.bytes)
        {
            return nil
        }
        let digest = DocumentDigest(of: text)
        guard reference.digest == digest else {
            throw Refusal(.refused, .badUserInput, "The \"sha256Hash\" is not the SHA-256 of the text in \"query\".")
        }
        return digest
    }

    // MARK: A name alone

    private func document(
        named reference: PersistedReference, _ body: ByteBuffer, _ mapping: MappedSchema
    ) throws(Refusal) -> CachedDocument<ExecutablePlan> {
        if let trusted = snapshot.trusted, let name = reference.name.string(in: body),
            let text = trusted.text(of: name)
        {
            return try document(text, mapping, isTrusted: true)
        }
        if isOnlyTrusted { throw Self.notListed }
        if isAutomatic, let digest = reference.digest,
            let found = registered?.document(digest)
        {
            return try document(found.text, mapping, isTrusted: false)
        }
        throw Refusal(
            .persistedQueryNotFound, .persistedQueryNotFound,
            "The gateway doesn't know this document; send the request again with its text in \"query\".")
    }

    private var isOnlyTrusted: Bool { snapshot.configuration.graphQL?.persisted.only == true }

    private var isAutomatic: Bool { snapshot.configuration.graphQL?.persisted.automatic == true }

    private static var notListed: Refusal {
        Refusal(
            .refused, .persistedQueryRequired,
            "The gateway runs no operations but those of its manifest; ask for one by its id in "
                + "\"extensions.persistedQuery.sha256Hash\" or \"documentId\".")
    }

    private func isListed(_ text: RawSpan) -> Bool {
        guard let trusted = snapshot.trusted else { return false }
        return trusted.holds(unsafe text.withUnsafeBytes { unsafe Array($0) })
    }

    // MARK: Parsing

    /// Parses and validates a document, and keeps it.
    func parse(
        _ text: RawSpan, _ mapping: MappedSchema, isTrusted: Bool
    ) throws(Refusal) -> CachedDocument<ExecutablePlan> {
        let bytes = unsafe text.withUnsafeBytes { unsafe Array($0) }
        let isListed = snapshot.trusted?.holds(bytes) ?? false
        let isTrusted = isTrusted || isListed
        let source = Source(bytes: bytes)
        let limit = isTrusted ? nil : snapshot.configuration.graphQL?.limits.tokens.enforced
        let document: Document
        do throws(GraphQLSyntaxError) {
            document = try Parser.parseDocument(source, tokenLimit: limit)
        } catch {
            let location = source.location(at: error.offset)
            switch error.kind {
            case .syntax, .nestedTooDeeply: throw Refusal(.notParsed, .parseFailed, error.message, [location])
            case .tokenLimitExceeded:
                metrics.count(.tokens, .enforce)
                throw Refusal(.refused, .limitExceeded, error.message, [location])
            }
        }
        let problems = Validator.validate(
            document, against: mapping.schema,
            allowsIntrospection: isTrusted || snapshot.configuration.graphQL?.introspection ?? true,
            maySuggest: { mapping.mayRead($0, with: grants) })
        if !problems.isEmpty {
            throw Refusal(
                .refused,
                zip(problems, source.locations(at: problems.map(\.offsets))).map { problem, locations in
                    RequestError(code: .validationFailed, message: problem.message, locations: locations)
                })
        }
        let cached = CachedDocument<ExecutablePlan>(bytes: bytes, document: document, isListed: isListed)
        served.plans.insert(cached)
        return cached
    }
}
