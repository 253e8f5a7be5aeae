import Bytes
import TestSupport
import Testing

@testable import Gateway

@Suite("Registered documents")
struct RegisteredDocumentTests {
    private static func document(_ text: String) -> RegisteredDocument {
        let bytes = Array(text.utf8)
        return unsafe RegisteredDocument(DocumentDigest(of: bytes.span.bytes), text: bytes)
    }

    private static func digest(_ hexadecimal: String) -> DocumentDigest? {
        let bytes = Array(hexadecimal.utf8)
        return unsafe DocumentDigest(hexadecimal: bytes.span.bytes)
    }

    /// FIPS 180-4's examples, and Apollo's own of its protocol.
    static let digests = [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("{__typename}", "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"),
    ]

    @Test(arguments: digests)
    func `a digest is the SHA-256, in either case`(text: String, hexadecimal: String) {
        #expect(Self.document(text).digest == Self.digest(hexadecimal))
        #expect(Self.document(text).digest == Self.digest(hexadecimal.uppercased()))
    }

    @Test func `what isn't 64 hexadecimal digits is no digest`() {
        for text in ["", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 65)] {
            #expect(Self.digest(text) == nil)
        }
    }

    @Test func `count and bytes stay within their bounds`() {
        var documents = RegisteredDocuments(maximumCount: 8, maximumBytes: 16 * 1024)
        for index in 0..<1000 {
            documents.insert(Self.document("{a\(index)}" + String(repeating: " ", count: index % 700)))
            #expect(documents.count <= 8 && documents.bytes <= 16 * 1024)
        }
        #expect(documents.count == 8)
    }

    @Test func `a document over a sixteenth of the bytes isn't kept`() {
        var documents = RegisteredDocuments(maximumCount: 8, maximumBytes: 16 * 1024)
        let large = Self.document(String(repeating: "x", count: 1024))
        documents.insert(large)
        #expect(documents.document(large.digest) == nil && documents.bytes == 0)
    }

    @Test func `one that is asked for survives a flood of others`() {
        var documents = RegisteredDocuments(maximumCount: 10)
        let kept = Self.document("{kept}")
        let idle = Self.document("{idle}")
        documents.insert(kept)
        documents.insert(idle)
        for index in 0..<10_000 {
            documents.insert(Self.document("{flood\(index)}"))
            if index % 5 == 0 { documents.document(kept.digest)?.markAsked() }
        }
        #expect(documents.document(kept.digest) === kept)
        #expect(documents.document(idle.digest) == nil)
    }

    @Test func `the store and a model of it hold the same documents`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(seed)
        var documents = RegisteredDocuments(maximumCount: 5, maximumBytes: 4000)
        var sizes: [String: Int] = [:]
        for _ in 0..<3000 {
            let text = "{f\(Int.random(in: 0..<20, using: &random))}"
            let document = Self.document(text)
            sizes[text] = document.cost
            if Bool.random(using: &random) {
                documents.insert(document)
                #expect(documents.document(document.digest)?.text == document.text, "seed \(seed)")
            } else {
                documents.document(document.digest)?.markAsked()
            }
            let found = sizes.keys.filter { documents.document(Self.document($0).digest) != nil }
            #expect(found.count == documents.count, "seed \(seed)")
            #expect(found.reduce(0) { $0 + (sizes[$1] ?? 0) } == documents.bytes, "seed \(seed)")
        }
    }
}
