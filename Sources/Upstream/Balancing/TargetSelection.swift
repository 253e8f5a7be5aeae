public import Bytes
public import HTTP
public import Resilience

/// What a request tells of itself, as far as the choice of a target may depend on it. Belongs to its loop's thread.
public protocol TargetSelectionContext: AnyObject {
    /// The fields of the client's request; nil where there are none.
    var requestFields: FieldList? { get }
    /// Appends the JSON text of a claim of the client's token, and says whether there is one.
    func appendClaim(_ path: [String], to output: ByteBuffer) -> Bool
    /// Appends what the client is known by where nothing else is: its address.
    func appendClientAddress(to output: ByteBuffer)
}

/// What of a request decides which of an upstream's targets it goes to. Immutable; any thread.
public struct TargetSelection: Sendable {
    private struct Canary: Sendable {
        var group: Int
        var fields: [FieldCondition]
    }

    private struct Share: Sendable {
        var group: Int
        /// Draws from 0 up to this are its own, after those of the shares before it.
        var end: Double
    }

    /// `balance: {hash: …}`.
    private let source: BalancingSettings.KeySource?
    private let canaries: [Canary]
    private let shares: [Share]
    /// Tells the draw for a share from the one for a target.
    private static let salt: UInt64 = 0x7368_6172_6500_0000

    /// Nil where nothing of a request matters.
    init?(_ settings: TargetPool.Settings) {
        if case .hash(let source) = settings.balancing.balance { self.source = source } else { source = nil }
        var canaries: [Canary] = []
        var shares: [Share] = []
        for (index, target) in settings.targets.enumerated() {
            let group = Self.group(of: index, in: settings.targets)
            if !target.condition.isEmpty, !canaries.contains(where: { $0.group == group }) {
                canaries.append(Canary(group: group, fields: target.condition))
            } else if let share = target.share {
                shares.append(Share(group: group, end: (shares.last?.end ?? 0) + share))
            }
        }
        if source == nil, canaries.isEmpty, shares.isEmpty { return nil }
        self.canaries = canaries
        self.shares = shares
    }

    /// The group of the target with this index: 0 = for everybody. Canaries under the same condition are of one group,
    /// each with a share is of its own.
    static func group(of index: Int, in targets: [TargetSettings]) -> Int {
        let target = targets[index]
        if !target.condition.isEmpty {
            return (targets.firstIndex { Set($0.condition) == Set(target.condition) } ?? index) + 1
        }
        return target.share == nil ? 0 : index + 1
    }

    /// Where a request had best go. Takes no lock, and allocates nothing.
    /// - Parameters:
    ///   - argument: the hash of the bound argument that keys are made of, where there is one.
    ///   - scratch: storage for a moment.
    public func preference(
        of request: some TargetSelectionContext, argument: UInt64? = nil, scratch: ByteBuffer
    ) -> TargetPreference {
        var preference = TargetPreference(key: key(of: request, argument, scratch))
        if let fields = request.requestFields, let canary = canaries.first(where: { Self.holds($0.fields, fields) }) {
            preference.group = canary.group
        } else if !shares.isEmpty {
            let key = preference.key ?? Self.clientKey(request, scratch)
            let draw = KeyHash.fraction(KeyHash.combine(key, Self.salt))
            preference.group = shares.first { draw < $0.end }?.group ?? 0
        }
        return preference
    }

    /// The key that a text is: what `argument` of `preference` wants.
    public static func key(of text: RawSpan) -> UInt64 { KeyHash.of(text) }

    private func key(
        of request: some TargetSelectionContext, _ argument: UInt64?, _ scratch: ByteBuffer
    ) -> UInt64? {
        switch source {
        case .header(let name):
            guard let fields = request.requestFields, let index = fields.index(ofName: name) else { return nil }
            return KeyHash.of(fields.value(at: index))
        case .claim(let path):
            scratch.clear()
            return request.appendClaim(path, to: scratch) ? KeyHash.of(scratch.bytes) : nil
        case .argument: return argument
        case nil: return nil
        }
    }

    private static func clientKey(_ request: some TargetSelectionContext, _ scratch: ByteBuffer) -> UInt64 {
        scratch.clear()
        request.appendClientAddress(to: scratch)
        return KeyHash.of(scratch.bytes)
    }

    private static func holds(_ conditions: [FieldCondition], _ fields: FieldList) -> Bool {
        conditions.allSatisfy { condition in
            guard let index = fields.index(ofName: condition.name) else { return false }
            return fields.value(at: index).equals(condition.value)
        }
    }
}

extension KeyHash {
    /// The hash of `bytes`.
    fileprivate static func of(_ bytes: RawSpan) -> UInt64 {
        var hash = KeyHash()
        for index in 0..<bytes.byteCount { hash.add(bytes.byte(at: index)) }
        return hash.value
    }
}
