/// Posts a document to a server by one blocking request: for what is sent beside the serving of requests, such as
/// telemetry. Any thread but a loop's.
public enum DocumentPost {
    /// Why a document didn't arrive.
    public struct Failure: Error, Sendable, Hashable {
        /// What happened, to be put behind a colon.
        public let reason: String
    }

    /// Bytes that an answer may have whose content nobody reads.
    private static let unread = 1 << 20

    /// Posts `content` to `url`. Any 2xx counts; redirects are not followed.
    /// - Parameter milliseconds: how long all of it may take.
    public static func send(
        _ content: [UInt8], to url: String, contentType: String, milliseconds: Int
    ) throws(Failure) {
        let fields = ["Content-Type: \(contentType)"]
        let answer = try exchange(content, with: url, fields: fields, limit: unread, milliseconds: milliseconds)
        guard (200..<300).contains(answer.status) else {
            throw Failure(reason: "the server answered \(answer.status)")
        }
    }

    /// Posts `content` to `url` and gives what is answered, whatever its status.
    /// - Parameters:
    ///   - fields: field lines, `name: value`.
    ///   - limit: bytes that the answer may have.
    ///   - milliseconds: how long all of it may take.
    ///   - trustsAnyone: whether any certificate will do; for one's own listeners only.
    public static func exchange(
        _ content: [UInt8], with url: String, fields: [String], limit: Int, milliseconds: Int,
        trustsAnyone: Bool = false
    ) throws(Failure) -> (status: Int, content: [UInt8]) {
        do throws(DocumentTransfer.Failure) {
            let answer = try DocumentTransfer(
                url: url, content: content, fields: fields, limit: limit, milliseconds: milliseconds,
                trustsAnyone: trustsAnyone
            ).perform()
            return (answer.status, answer.content)
        } catch {
            throw Failure(reason: error.reason)
        }
    }
}
