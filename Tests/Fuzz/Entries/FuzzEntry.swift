import Bytes

/// A way in for bytes from strangers, as the fuzzer and the tests of the corpora take it.
///
/// Whatever the bytes, an entry returns: what it calls ends with a value or an error of its own. Where two ways must
/// lead to the same, or a result must be well-formed, the entry traps if it isn't so, which the fuzzer reports as a
/// crash.
public struct FuzzEntry: Sendable {
    /// Its name: what `make fuzz ENTRY=` takes, and the folder of its corpus.
    public let name: String
    /// Takes one input.
    public let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.run = run
    }

    /// All entries. A new parser of what comes from outside gets a line here, an entry function beside its like, and
    /// seeds in `Tests/Fuzz/Corpus/<name>`.
    public static let all: [FuzzEntry] = [
        // GraphQL
        FuzzEntry("document", fuzzDocument), FuzzEntry("schema", fuzzSchema), FuzzEntry("variables", fuzzVariables),
        FuzzEntry("planning", fuzzPlanning),
        // HTTP
        FuzzEntry("request", fuzzRequest), FuzzEntry("response", fuzzResponse), FuzzEntry("chunks", fuzzChunks),
        FuzzEntry("accept", fuzzAccept), FuzzEntry("profiles", fuzzProfiles), FuzzEntry("templates", fuzzTemplates),
        FuzzEntry("identifiers", fuzzIdentifiers),
        // Tokens
        FuzzEntry("token", fuzzToken), FuzzEntry("keys", fuzzKeys),
        // JSON and YAML
        FuzzEntry("projection", fuzzProjection), FuzzEntry("configuration", fuzzConfiguration),
        FuzzEntry("openapi", fuzzOpenAPI),
    ]
}

/// A buffer that holds these bytes.
func buffer(_ bytes: some Sequence<UInt8>) -> ByteBuffer {
    let buffer = ByteBuffer(capacity: 64)
    for byte in bytes { buffer.append(byte) }
    return buffer
}
