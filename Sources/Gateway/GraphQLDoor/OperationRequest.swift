internal import Bytes
internal import JSON

/// The parts of one GraphQL request, as slots of the content that it came in (GraphQL over HTTP, request parameters).
struct OperationRequest {
    /// The content.
    let body: ByteBuffer
    /// The document's text.
    var query = Slot.missing
    /// The name of the operation to run; null or missing for none.
    var operationName = Slot.missing
    /// An object; null or missing for none.
    var variables = Slot.missing
    /// An object; null or missing for none.
    var extensions = Slot.missing
    /// `documentId`, or else `id`: names a document that the gateway has; missing for none.
    private(set) var documentID = Slot.missing

    /// Reads the object that `cursor` stands at.
    /// - Throws: `Malformed` with a sentence for the client.
    init(_ cursor: inout JSONCursor) throws(Malformed) {
        body = cursor.body
        guard cursor.nextKind == .object else {
            throw Malformed("A GraphQL request is a JSON object with the member \"query\".")
        }
        do throws(JSONError) {
            try cursor.enterObject()
            while let name = try cursor.nextMember() {
                let value = try cursor.value()
                if name.isString("query", in: body) {
                    query = value
                } else if name.isString("variables", in: body) {
                    variables = value
                } else if name.isString("operationName", in: body) {
                    operationName = value
                } else if name.isString("extensions", in: body) {
                    extensions = value
                } else if name.isString("documentId", in: body) {
                    documentID = value
                } else if name.isString("id", in: body), documentID.isNullOrMissing {
                    documentID = value
                }
            }
        } catch {
            throw Malformed("The request can't be read: \(error)")
        }
        try check()
    }

    private func check() throws(Malformed) {
        guard query.kind == .string || query.isNullOrMissing else {
            throw Malformed("The member \"query\" must be a string that holds a GraphQL document.")
        }
        guard operationName.kind == .string || operationName.isNullOrMissing else {
            throw Malformed("The member \"operationName\" must be a string.")
        }
        guard variables.kind == .object || variables.isNullOrMissing else {
            throw Malformed("The member \"variables\" must be an object.")
        }
        guard extensions.kind == .object || extensions.isNullOrMissing else {
            throw Malformed("The member \"extensions\" must be an object.")
        }
        guard documentID.kind == .string || documentID.isNullOrMissing || query.kind == .string else {
            throw Malformed("The member \"documentId\" must be a string.")
        }
    }

    /// Why a request isn't one.
    struct Malformed: Error {
        let message: String

        init(_ message: String) { self.message = message }
    }
}
