internal import Bytes
internal import JSON

/// How a request names a document that it doesn't hold: by `extensions.persistedQuery` (Apollo's protocol), or by
/// `documentId` or `id` (GraphQL over HTTP, appendix on persisted documents; Relay).
struct PersistedReference {
    /// The name as the client wrote it: a string of the request's content.
    let name: Slot
    /// The SHA-256 that the name is, if it is one: 64 hexadecimal digits, after `sha256:` in a `documentId`.
    let digest: DocumentDigest?
    /// Whether it came as `sha256Hash`: a text beside it has to be of that digest, and is registered under it.
    let isHash: Bool

    /// Why a reference can't be read.
    struct Malformed: Error {
        let message: String
    }

    /// The reference of `operation`; nil where there is none.
    static func read(_ operation: OperationRequest) throws(Malformed) -> PersistedReference? {
        if operation.extensions.kind == .object, let reference = try hash(in: operation) { return reference }
        guard operation.documentID.kind == .string else { return nil }
        let text = operation.documentID.bytes(in: operation.body)
        let prefix: StaticString = "sha256:"
        let isPrefixed =
            text.byteCount > prefix.utf8CodeUnitCount
            && text.extracting(0..<prefix.utf8CodeUnitCount).equalsIgnoringCase(prefix)
        let digits = text.extracting((isPrefixed ? prefix.utf8CodeUnitCount : 0)..<text.byteCount)
        return PersistedReference(
            name: operation.documentID, digest: DocumentDigest(hexadecimal: digits), isHash: false)
    }

    private static func hash(in operation: OperationRequest) throws(Malformed) -> PersistedReference? {
        let body = operation.body
        guard let query = member("persistedQuery", of: operation.extensions, in: body), query.kind != .null else {
            return nil
        }
        guard query.kind == .object else {
            throw Malformed(message: "The extension \"persistedQuery\" must be an object.")
        }
        guard let version = member("version", of: query, in: body), version.kind == .number,
            version.bytes(in: body).equals("1")
        else { throw Malformed(message: "Of the extension \"persistedQuery\" the gateway knows version 1 only.") }
        guard let name = member("sha256Hash", of: query, in: body), name.kind == .string else {
            throw Malformed(message: "The extension \"persistedQuery\" must hold a string \"sha256Hash\".")
        }
        return PersistedReference(
            name: name, digest: DocumentDigest(hexadecimal: name.bytes(in: body)), isHash: true)
    }

    /// The last member of that name, as everywhere in a request.
    private static func member(_ wanted: StaticString, of object: Slot, in body: ByteBuffer) -> Slot? {
        var cursor = JSONCursor(body, at: object)
        var found: Slot?
        do throws(JSONError) {
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                let value = try cursor.value()
                if name.isString(wanted, in: body) { found = value }
            }
        } catch {
            return nil
        }
        return found
    }
}
