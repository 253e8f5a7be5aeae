internal import Bytes
internal import JSON

/// The distinct keys of a batch, in order of first appearance. They are the same where their text is: 7 and "7" are one.
///
/// Open addressing over places in one text, so that a key costs no allocation of its own. Hashes are seeded: upstreams
/// choose the keys.
struct BatchKeys {
    /// The keys' JSON, one behind the other.
    private let text = ByteBuffer(capacity: 256)
    /// Where each stands in `text`.
    private var slots: [Slot] = []
    private var hashes: [UInt64] = []
    /// Indices of keys; −1 where nothing is. A power of two, at most half full.
    private var table: [Int32] = Array(repeating: -1, count: 32)

    private static let seed = UInt64.random(in: .min ... .max)

    init() {}

    /// How many there are.
    var count: Int { slots.count }

    /// The index of the key that stands in `slot` of `body`; nil for one that isn't there, and for what is no key.
    func index(of slot: Slot, in body: ByteBuffer) -> Int? {
        guard Self.isKey(slot) else { return nil }
        let found = table[place(of: slot, slot.keyHash(in: body, seed: Self.seed), in: body)]
        return found < 0 ? nil : Int(found)
    }

    /// The index of the key that stands in `slot` of `body`, which is a string, a number or a boolean; added if it is
    /// new.
    mutating func add(_ slot: Slot, of body: ByteBuffer) -> Int {
        let hash = slot.keyHash(in: body, seed: Self.seed)
        let found = table[place(of: slot, hash, in: body)]
        if found >= 0 { return Int(found) }
        if (count + 1) * 2 > table.count { grow() }
        table[place(of: slot, hash, in: body)] = Int32(count)
        let start = text.count
        text.append(slot, of: body)
        var own = slot
        own.offset = UInt32(truncatingIfNeeded: start + (slot.kind == .string ? 1 : 0))
        slots.append(own)
        hashes.append(hash)
        return count - 1
    }

    /// Appends the JSON of the keys in `range`, with commas between them.
    func append(_ range: Range<Int>, to output: ByteBuffer) {
        for index in range {
            if index > range.lowerBound { output.append(UInt8(ascii: ",")) }
            output.append(slots[index], of: text)
        }
    }

    /// Forgets them and keeps the storage, up to a bound.
    mutating func removeAll() {
        guard count > 0 else { return }
        if table.count > 1024 {
            self = BatchKeys()
            return
        }
        text.clear()
        text.shrink(to: 64 * 1024)
        slots.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
        for index in table.indices { table[index] = -1 }
    }

    private static func isKey(_ slot: Slot) -> Bool {
        switch slot.kind {
        case .string, .number, .true, .false: true
        case .missing, .null, .object, .list, .joined: false
        }
    }

    /// Where the key is in the table, or where it would be put.
    private func place(of slot: Slot, _ hash: UInt64, in body: ByteBuffer) -> Int {
        var place = start(of: hash)
        while table[place] >= 0 {
            let known = Int(table[place])
            if hashes[known] == hash, slots[known].isSameKey(slot, in: text, and: body) { return place }
            place = (place + 1) & (table.count - 1)
        }
        return place
    }

    /// Where the search for a hash begins. FNV's low bits know only the low bits of what was hashed, its high bits all.
    private func start(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash ^ (hash >> 32)) & (table.count - 1)
    }

    private mutating func grow() {
        table = Array(repeating: -1, count: table.count * 2)
        for (index, hash) in hashes.enumerated() {
            var place = start(of: hash)
            while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
            table[place] = Int32(index)
        }
    }
}
