/// Gets a small document from a server by one blocking request: for what is read beside the serving of requests, such as
/// an issuer's keys. Any thread but a loop's.
public struct DocumentFetch {
    /// What was got.
    public struct Document: Sendable {
        /// The content.
        public let bytes: [UInt8]
        /// `max-age` of Cache-Control, in seconds, where it is given (RFC 9111 §5.2.2.1).
        public let maximumAge: Int?
    }

    /// Why there is no document.
    public struct Failure: Error, Sendable, Hashable {
        /// What happened, to be put behind a colon.
        public let reason: String
    }

    /// Gets the document at `url`. Only a 200 counts; redirects are not followed, since they would let one server name
    /// another one to be believed.
    /// - Parameters:
    ///   - limit: bytes that the content may have.
    ///   - milliseconds: how long all of it may take.
    public static func get(_ url: String, limit: Int, milliseconds: Int) throws(Failure) -> Document {
        let transfer = DocumentTransfer(url: url, limit: limit, milliseconds: milliseconds)
        do throws(DocumentTransfer.Failure) {
            let answer = try transfer.perform()
            guard answer.status == 200 else { throw .init(reason: "the server answered \(answer.status)") }
            return Document(bytes: answer.content, maximumAge: answer.maximumAge)
        } catch {
            throw Failure(reason: error.reason)
        }
    }
}
