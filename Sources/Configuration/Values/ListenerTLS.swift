/// `server.tls`: what the public listeners show and ask for. Paths are relative to the file.
public struct ListenerTLS: Sendable {
    /// A certificate with its key.
    public struct Certificate: Sendable {
        /// `certificate`: PEM, with the chain behind it.
        public var certificate: Located<String>
        /// `key`: PEM, without a passphrase.
        public var key: Located<String>
        /// `ocsp`: an OCSP response about it, DER.
        public var ocsp: Located<String>?
    }

    /// Whether a client has to show a certificate.
    public enum ClientAuthentication: String, CaseIterable, Sendable {
        /// Without a good one there is no connection.
        case require
        /// It may; one that is shown has to be good.
        case request
    }

    /// At least one unless the file has errors; the first is for clients that ask for no name, or for an unknown one.
    public var certificates: [Certificate] = []
    /// `clientCA`: a PEM file of the authorities of clients' certificates; nil = clients aren't asked for any.
    public var clientCA: Located<String>?
    /// `clientAuth`.
    public var clientAuthentication = ClientAuthentication.require
}
