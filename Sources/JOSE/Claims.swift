public import Bytes
internal import JSON

/// The claims of a token: a JSON object without members of the same name. Belongs to the thread that reads it.
public struct Claims {
    /// The object's text.
    let body: ByteBuffer
    private let root: Slot

    init(_ body: ByteBuffer) {
        self.body = body
        root = JSONMembers.root(body)
    }

    /// Bytes that it keeps.
    public var byteCount: Int { body.capacity }

    /// Appends the JSON text of a claim, and says whether there is one.
    /// - Parameter path: its name and the names of members within; first they are taken for one name with dots in it,
    ///   as claims that are named by a URL have.
    public func appendJSON(_ path: [String], to output: ByteBuffer) -> Bool {
        let slot = value(path)
        guard slot.kind != .missing else { return false }
        output.append(slot, of: body)
        return true
    }

    /// The text of a claim that is a string, a number or a boolean; nil for another one or none.
    public func text(_ path: [String]) -> String? {
        let slot = value(path)
        switch slot.kind {
        case .string: return slot.string(in: body)
        case .number, .true, .false: return slot.bytes(in: body).string
        default: return nil
        }
    }

    /// The strings of a claim that is a list of them, or a single one; empty for another one or none.
    public func strings(_ path: [String]) -> [String] { JSONMembers.strings(value(path), in: body) ?? [] }

    /// What the token may be used for: `scope`, names with spaces between (RFC 8693 §4.2), else `scp`, a list or a text of
    /// the same form.
    public var scopes: [String] {
        let given = value(["scope"]).kind == .missing ? strings(["scp"]) : strings(["scope"])
        return given.flatMap { $0.split(separator: " ").map(String.init) }
    }

    private func value(_ path: [String]) -> Slot {
        if path.count > 1 {
            let whole = JSONMembers.member(path.joined(separator: "."), of: root, in: body)
            if whole.kind != .missing { return whole }
        }
        return path.reduce(root) { JSONMembers.member($1, of: $0, in: body) }
    }

    /// What a claim of time says (RFC 7519 §2, NumericDate), in seconds since 1970.
    enum Time {
        case absent
        case seconds(Double)
        case malformed
    }

    func time(_ name: String) -> Time {
        let slot = value([name])
        guard slot.kind != .missing else { return .absent }
        guard slot.kind == .number, slot.length < 32, let seconds = slot.double(in: body), seconds.isFinite else {
            return .malformed
        }
        return .seconds(seconds)
    }

    /// `iss`; nil where it is absent or no string.
    public var issuer: String? { value(["iss"]).string(in: body) }

    /// `aud`: one or several (RFC 7519 §4.1.3); nil where it is neither a string nor a list of strings.
    var audience: [String]? { JSONMembers.strings(value(["aud"]), in: body) }
}
