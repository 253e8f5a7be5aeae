internal import CLibSSL
internal import EventLoop
internal import Synchronization

/// A listener's certificates and rules, made ready for handshakes. It never changes: other files are another context,
/// which new connections take, while those that are open keep theirs. Any thread.
@safe
public final class TLSContext: Sendable {
    /// What seals its session tickets. Handed on to the context that follows this one, so that clients come back
    /// without a full handshake.
    public let tickets: TicketKeys
    private let identities: [TLSIdentity]
    /// Which identity has a name; a wildcard stands under its whole text.
    private let byName: [String: Int]

    /// - Parameter identities: at least one; the first has precedence, and is for clients that ask for none of theirs.
    init(_ identities: [TLSIdentity], tickets: TicketKeys) {
        self.identities = identities
        self.tickets = tickets
        var byName: [String: Int] = [:]
        for (index, identity) in identities.enumerated() {
            for name in identity.names where byName[name] == nil { byName[name] = index }
        }
        self.byName = byName
        for identity in identities { identity.attach(to: self, isFirst: identity === identities[0]) }
    }

    /// The identity for the name that a client asks for (RFC 6066 §3): the one with that very name, else one with a
    /// wildcard for it (RFC 6125 §6.4.3), else the first.
    func identity(for name: String) -> TLSIdentity {
        let name = name.lowercased()
        if let index = byName[name] { return identities[index] }
        if let dot = name.firstIndex(of: "."), dot != name.startIndex, let index = byName["*" + name[dot...]] {
            return identities[index]
        }
        return identities[0]
    }

    /// The identity that handshakes begin with.
    var first: TLSIdentity { identities[0] }
}

/// One certificate with its key, as OpenSSL takes it. Any thread.
@safe
final class TLSIdentity: @unchecked Sendable {
    let context: OpaquePointer
    let names: [String]
    private let staple: Staple?
    /// Set once, before anyone else knows the identity. The context keeps the identity.
    fileprivate(set) unowned(unsafe) var owner: TLSContext!

    /// An OCSP response, and the second since 1970 after which it says nothing.
    struct Staple: Sendable {
        var response: [UInt8]
        var nextUpdate: Int64
    }

    /// Takes ownership of `context`, an `SSL_CTX`.
    @unsafe init(_ context: OpaquePointer, names: [String], staple: Staple?) {
        unsafe self.context = context
        self.names = names
        self.staple = staple
    }

    deinit { unsafe SSL_CTX_free(context) }

    fileprivate func attach(to owner: TLSContext, isFirst: Bool) {
        unsafe self.owner = owner
        unsafe SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
        unsafe sluice_ssl_set_session_seconds(context, TicketKeys.lifetimeSeconds)
        unsafe SSL_CTX_set_alpn_select_cb(context, TLSCallbacks.selectProtocol, nil)
        unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context, TLSCallbacks.protectTicket)
        if isFirst { unsafe sluice_ssl_on_server_name(context, TLSCallbacks.selectIdentity, nil) }
        if staple != nil { unsafe sluice_ssl_on_status_request(context, TLSCallbacks.staple, nil) }
    }

    /// The OCSP response to send at `second` since 1970; nil where there is none that is fresh: an old one would have
    /// clients refuse the certificate.
    func stapled(at second: Int64) -> [UInt8]? {
        guard let staple, second <= staple.nextUpdate else { return nil }
        return staple.response
    }
}
