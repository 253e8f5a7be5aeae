internal import CLibSSL
internal import EventLoop
internal import Glibc

/// What OpenSSL calls in the midst of a handshake. On the loop of the connection.
enum TLSCallbacks {
    /// The identity whose context `ssl` uses now.
    @unsafe private static func identity(_ ssl: OpaquePointer?) -> TLSIdentity? {
        guard let context = unsafe SSL_get_SSL_CTX(ssl), let object = unsafe SSL_CTX_get_ex_data(context, 0) else {
            return nil
        }
        return unsafe Unmanaged<TLSIdentity>.fromOpaque(object).takeUnretainedValue()
    }

    /// Server Name Indication: takes the certificate for the name.
    static let selectIdentity:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?)
            -> Int32 = { ssl, _, _ in
                guard let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
                    let current = unsafe TLSCallbacks.identity(ssl)
                else { return Int32(sluice_SSL_TLSEXT_ERR_NOACK) }
                let chosen = unsafe current.owner.identity(for: String(cString: name))
                if chosen !== current { unsafe SSL_set_SSL_CTX(ssl, chosen.context) }
                return Int32(sluice_SSL_TLSEXT_ERR_OK)
            }

    /// Application-Layer Protocol Negotiation (RFC 7301): `http/1.1`, and nothing else that a client may offer.
    static let selectProtocol:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
            UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
        ) -> Int32 = { _, chosen, chosenCount, offered, count, _ in
            let fatal = Int32(sluice_SSL_TLSEXT_ERR_ALERT_FATAL)
            guard let offered = unsafe offered, let chosen = unsafe chosen, let chosenCount = unsafe chosenCount else {
                return fatal
            }
            let list = unsafe UnsafeRawBufferPointer(start: offered, count: Int(count))
            var start = 0
            while start < list.count {
                let end = unsafe start + 1 + Int(list[start])
                guard end <= list.count else { return fatal }
                if unsafe list[(start + 1)..<end].elementsEqual("http/1.1".utf8) {
                    unsafe chosen.pointee = offered + start + 1
                    unsafe chosenCount.pointee = UInt8(end - start - 1)
                    return Int32(sluice_SSL_TLSEXT_ERR_OK)
                }
                start = end
            }
            return fatal
        }

    /// The client asks for the certificate's status.
    static let staple: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { ssl, _ in
        guard let response = unsafe TLSCallbacks.identity(ssl)?.stapled(at: Int64(time(nil))) else {
            return Int32(sluice_SSL_TLSEXT_ERR_NOACK)
        }
        return unsafe response.withUnsafeBytes { unsafe sluice_ssl_staple(ssl, $0.baseAddress, $0.count) }
    }

    /// Seals a new session ticket, or opens one: 0 = unknown, so a full handshake; 1 = goes on; 2 = and is replaced.
    static let protectTicket:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?, OpaquePointer?,
            Int32
        ) -> Int32 = { ssl, name, initialVector, cipher, authentication, isSealing in
            let failed: Int32 = isSealing == 1 ? -1 : 0
            guard let tickets = unsafe TLSCallbacks.identity(ssl)?.owner.tickets, let name = unsafe name else {
                return failed
            }
            let now = MonotonicTime.current
            if isSealing == 1 {
                guard let key = tickets.sealing(at: now), unsafe RAND_bytes(initialVector, 16) == 1 else { return -1 }
                for (index, byte) in key.name.enumerated() { unsafe name[index] = byte }
                return unsafe sluice_ssl_protect_ticket(cipher, authentication, key.secret, initialVector, 1) == 1
                    ? 1 : -1
            }
            let wanted = unsafe Array(UnsafeBufferPointer(start: name, count: 16))
            guard let (key, isOld) = tickets.opening(wanted, at: now),
                unsafe sluice_ssl_protect_ticket(cipher, authentication, key.secret, initialVector, 0) == 1
            else { return 0 }
            return isOld ? 2 : 1
        }
}
