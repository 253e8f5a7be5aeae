internal import CLibSSL
internal import EventLoop

/// How a client speaks TLS to a Redis: OpenSSL's context, made of the files that the settings name. Immutable; any thread.
@safe
final class RedisTLS: @unchecked Sendable {
    // Made once, then only read.
    private nonisolated(unsafe) static let socketMethod = unsafe sluice_ssl_socket_method()

    private let context: OpaquePointer

    /// Why there is none.
    struct Problem: Error {
        let reason: String
    }

    /// Reads the files: not for a loop's thread.
    init(_ settings: ClientTLSSettings) throws(Problem) {
        guard let context = unsafe sluice_ssl_client_context() else { throw Problem(reason: Self.reason) }
        unsafe self.context = context
        unsafe SSL_CTX_set_verify(context, settings.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
        let trusts =
            if let ca = settings.ca {
                unsafe SSL_CTX_load_verify_locations(context, ca, nil)
            } else {
                unsafe SSL_CTX_set_default_verify_paths(context)
            }
        guard trusts == 1 else {
            throw Problem(reason: "the authorities \"\(settings.ca ?? "of the system")\" can't be read: \(Self.reason)")
        }
        guard let certificate = settings.certificate, let key = settings.key else { return }
        guard unsafe SSL_CTX_use_certificate_chain_file(context, certificate) == 1,
            unsafe SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1
        else { throw Problem(reason: "the certificate \"\(certificate)\" can't be used: \(Self.reason)") }
    }

    deinit {
        unsafe SSL_CTX_free(context)
    }

    /// The newest error of the thread in words, which is forgotten then.
    static var reason: String {
        guard let text = unsafe sluice_ssl_take_error() else { return "no reason given" }
        return unsafe String(cString: text)
    }

    /// Our side of a connection over `descriptor`; nil for want of memory, or where `name` is none.
    @unsafe func connecting(_ descriptor: Int32, name: String, isAddress: Bool) -> OpaquePointer? {
        unsafe sluice_ssl_connecting(context, Self.socketMethod, descriptor, name, isAddress ? 1 : 0)
    }
}
