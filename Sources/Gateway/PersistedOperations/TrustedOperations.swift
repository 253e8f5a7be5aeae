/// The operator's own documents by their ids: what a manifest lists. Immutable, part of the snapshot.
struct TrustedOperations: Sendable {
    /// One entry of a manifest.
    struct Entry: Sendable {
        let id: String
        /// The document's text.
        let text: [UInt8]
    }

    private let byID: [String: [UInt8]]
    private let texts: Set<[UInt8]>

    /// - Parameter entries: of different ids.
    init(_ entries: [Entry]) {
        byID = Dictionary(entries.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
        texts = Set(entries.map(\.text))
    }

    /// The text of the document `id`.
    func text(of id: String) -> [UInt8]? { byID[id] }

    /// Whether a document of exactly this text is listed.
    func holds(_ text: [UInt8]) -> Bool { texts.contains(text) }
}
