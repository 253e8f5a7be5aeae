internal import Synchronization

/// A document that a client has registered under its digest. Immutable but for the mark that it was asked for. Any
/// thread.
final class RegisteredDocument: Sendable {
    let digest: DocumentDigest
    /// The text, which was valid when it was registered.
    let text: [UInt8]
    private let asked = Atomic<Bool>(false)

    init(_ digest: DocumentDigest, text: [UInt8]) {
        self.digest = digest
        self.text = text
    }

    /// Bytes that it is counted as.
    var cost: Int { text.count + 128 }

    /// Notes that a client asked for it. Written only where it changes something, so that shards don't fight over the
    /// cache line.
    func markAsked() {
        if !asked.load(ordering: .relaxed) { asked.store(true, ordering: .relaxed) }
    }

    /// Whether it was asked for since this was last read.
    func takeAsked() -> Bool { asked.exchange(false, ordering: .relaxed) }
}

/// Registered documents within bounds of count and bytes.
///
/// Which one gives way is decided by second chance (the clock algorithm): a hand goes round; whoever was asked for
/// since it last came by stays, the first that was not leaves. Documents that are in use so survive a flood of
/// registrations that nobody asks for.
struct RegisteredDocuments {
    let maximumCount: Int
    let maximumBytes: Int
    /// Bytes that all documents are counted as.
    private(set) var bytes = 0
    private var places: [DocumentDigest: Int] = [:]
    private var ring: [RegisteredDocument] = []
    private var hand = 0

    init(maximumCount: Int = 10_000, maximumBytes: Int = 16 << 20) {
        self.maximumCount = max(maximumCount, 1)
        self.maximumBytes = maximumBytes
    }

    var count: Int { ring.count }

    func document(_ digest: DocumentDigest) -> RegisteredDocument? {
        places[digest].map { ring[$0] }
    }

    /// Keeps `document`, unless one of its digest is there or it alone would take more than a sixteenth of the bytes:
    /// one client's giant must not push out everybody's.
    mutating func insert(_ document: RegisteredDocument) {
        guard places[document.digest] == nil, document.cost <= maximumBytes / 16 else { return }
        while !ring.isEmpty, ring.count >= maximumCount || bytes + document.cost > maximumBytes { evict() }
        places[document.digest] = ring.count
        ring.append(document)
        bytes += document.cost
    }

    private mutating func evict() {
        while true {
            if hand >= ring.count { hand = 0 }
            guard ring[hand].takeAsked() else { break }
            hand += 1
        }
        let victim = ring[hand]
        places[victim.digest] = nil
        bytes -= victim.cost
        // The last one takes its place: it is the newest, and the hand goes on behind it.
        let last = ring.removeLast()
        if last !== victim {
            ring[hand] = last
            places[last.digest] = hand
            hand += 1
        }
    }
}

/// The documents that clients have registered, one store for the process: a client registers on one shard and asks
/// another. Any thread; the lock is held for a look-up in a dictionary, or an eviction.
final class PersistedQueryStore: Sendable {
    private let documents: Mutex<RegisteredDocuments>

    init(_ documents: RegisteredDocuments = RegisteredDocuments()) {
        self.documents = Mutex(documents)
    }

    /// The document of `digest`, marked as asked for.
    func document(_ digest: DocumentDigest) -> RegisteredDocument? {
        let found = documents.withLock { $0.document(digest) }
        found?.markAsked()
        return found
    }

    /// Keeps a valid document; `text` is evaluated only where it isn't there yet.
    func register(_ digest: DocumentDigest, _ text: @autoclosure () -> [UInt8]) {
        documents.withLock { documents in
            guard documents.document(digest) == nil else { return }
            documents.insert(RegisteredDocument(digest, text: text()))
        }
    }

    /// How many there are, and the bytes that they are counted as.
    var size: (count: Int, bytes: Int) { documents.withLock { ($0.count, $0.bytes) } }
}

/// What one shard has found in the store, so that a document in use costs no lock. Belongs to the shard's loop.
final class RegisteredDocumentCache {
    private static let maximumCount = 1000
    private static let maximumBytes = 4 << 20
    /// The store behind it.
    let store: PersistedQueryStore
    private var documents: [DocumentDigest: RegisteredDocument] = [:]
    private var bytes = 0

    init(_ store: PersistedQueryStore) {
        self.store = store
    }

    /// The document of `digest`, from here or from the store.
    func document(_ digest: DocumentDigest) -> RegisteredDocument? {
        if let known = documents[digest] {
            known.markAsked()
            return known
        }
        guard let found = store.document(digest) else { return nil }
        // Full: begins anew, since everything can be found again.
        if documents.count >= Self.maximumCount || bytes + found.cost > Self.maximumBytes {
            documents.removeAll(keepingCapacity: true)
            bytes = 0
        }
        documents[digest] = found
        bytes += found.cost
        return found
    }
}
