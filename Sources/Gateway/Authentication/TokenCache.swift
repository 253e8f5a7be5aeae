internal import Bytes
internal import JOSE

/// Tokens that have been believed, by their bytes: the next request with the same one costs a hash and a comparison.
/// Bounded; the oldest leave first. One for each shard and snapshot, on the shard's loop.
///
/// The hash is keyed with a number of the process, so what a comparison takes says nothing of the tokens that are kept:
/// one of another text is not even compared.
final class TokenCache {
    /// Tokens kept.
    static let maximumCount = 4096
    /// Bytes that they may keep together, with their claims.
    static let maximumBytes = 8 << 20

    private var table: [Int: VerifiedToken] = [:]
    /// The keys of `table` in the order in which they came; from `oldest` on they are valid.
    private var order: [Int] = []
    private var oldest = 0
    private(set) var bytes = 0

    var count: Int { table.count }

    /// The token of exactly this text, if it is still to be believed.
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - version: that of the keys.
    func token(_ text: RawSpan, now: Double, version: Int) -> VerifiedToken? {
        guard let found = table[text.seededHash], found.version == version, now < found.expiry else { return nil }
        let known = found.text
        return known.bytes.equals(text) ? found : nil
    }

    /// Keeps a token.
    func insert(_ token: VerifiedToken) {
        let text = token.text
        let hash = text.bytes.seededHash
        if let former = table.updateValue(token, forKey: hash) {
            bytes -= Self.cost(former)
        } else {
            order.append(hash)
        }
        bytes += Self.cost(token)
        while table.count > Self.maximumCount || bytes > Self.maximumBytes, oldest < order.count { evict() }
    }

    private func evict() {
        if let former = table.removeValue(forKey: order[oldest]) { bytes -= Self.cost(former) }
        oldest += 1
        if oldest > Self.maximumCount {
            order.removeFirst(oldest)
            oldest = 0
        }
    }

    private static func cost(_ token: VerifiedToken) -> Int { token.text.capacity + token.claims.byteCount + 256 }
}
