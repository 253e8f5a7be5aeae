/// What a caller's token grants, as far as schema and doors ask for it: one bit for each role and scope that they name,
/// and one for having a token at all. Callers with the same grants share their plans.
public struct Grants: Sendable, Hashable {
    /// Bit 0: there is a token. The others are given out by a `GrantTable`.
    let bits: UInt128

    init(bits: UInt128) { self.bits = bits }

    /// No token.
    public static let anonymous = Grants(bits: 0)
    /// All that can be granted: for `explain`, and for checking stored operations.
    public static let all = Grants(bits: .max)
}

/// The roles and scopes that are named anywhere, each with its bit.
public struct GrantTable: Sendable {
    /// How many roles and scopes may be named together.
    public static let maximumCount = 127

    private var roles: [String: UInt128] = [:]
    private var scopes: [String: UInt128] = [:]
    /// Whether more are named than there are bits.
    public private(set) var isFull = false

    /// A table without names.
    public init() {}

    /// Gives a role its bit.
    public mutating func add(role: String) {
        if roles[role] == nil { roles[role] = nextBit() }
    }

    /// Gives a scope its bit.
    public mutating func add(scope: String) {
        if scopes[scope] == nil { scopes[scope] = nextBit() }
    }

    private mutating func nextBit() -> UInt128? {
        let count = roles.count + scopes.count
        guard count < Self.maximumCount else {
            isFull = true
            return nil
        }
        return 1 << UInt128(count + 1)
    }

    /// Whether any role or scope is named.
    public var isEmpty: Bool { roles.isEmpty && scopes.isEmpty }

    /// What a token with these roles and scopes grants.
    public func grants(roles: [String], scopes: [String]) -> Grants {
        var bits: UInt128 = 1
        for role in roles { bits |= self.roles[role] ?? 0 }
        for scope in scopes { bits |= self.scopes[scope] ?? 0 }
        return Grants(bits: bits)
    }

    /// What has to be granted where these are asked for; all of them have been added.
    public func requirement(roles: [String], scopes: [String]) -> AccessRequirement {
        AccessRequirement(
            anyOf: roles.reduce(0) { $0 | (self.roles[$1] ?? 0) },
            allOf: scopes.reduce(1) { $0 | (self.scopes[$1] ?? 0) })
    }
}

/// What a token has to grant: any one of some roles, all of some scopes.
public struct AccessRequirement: Sendable, Hashable {
    /// Any of these; none = no role is needed.
    let anyOf: UInt128
    /// All of these; the bit of having a token is among them.
    let allOf: UInt128

    /// Any token will do.
    public static let anyToken = AccessRequirement(anyOf: 0, allOf: 1)

    /// Why a caller with these grants may not; nil where it may.
    public func refusal(of grants: Grants) -> AccessRefusal? {
        if grants.bits & 1 == 0 { return .unauthenticated }
        if anyOf != 0, grants.bits & anyOf == 0 { return .forbidden }
        return grants.bits & allOf == allOf ? nil : .forbidden
    }

    /// The grants that it looks at.
    var mask: UInt128 { anyOf | allOf }
}

/// Why a caller may not see something.
public enum AccessRefusal: Sendable, Hashable {
    /// It has no token.
    case unauthenticated
    /// Its token lacks a role or scope.
    case forbidden
}

extension [AccessRequirement] {
    /// Why a caller with these grants may not, where all of the requirements hold.
    func refusal(of grants: Grants) -> AccessRefusal? {
        for requirement in self {
            if let refusal = requirement.refusal(of: grants) { return refusal }
        }
        return nil
    }
}
