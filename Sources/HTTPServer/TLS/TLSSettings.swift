/// How listeners speak TLS. Paths as the process can open them; all files are PEM but the OCSP responses.
public struct TLSSettings: Sendable {
    /// One of the listener's certificates.
    public struct CertificateFiles: Sendable {
        /// The certificate, and after it those that lead to its authority.
        public var certificate: String
        /// Its private key, without a passphrase.
        public var key: String
        /// An OCSP response about it, DER, that is sent to clients that ask (RFC 6066 §8).
        public var ocsp: String?

        /// The files of a certificate.
        public init(certificate: String, key: String, ocsp: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.ocsp = ocsp
        }
    }

    /// Whether clients show certificates.
    public enum ClientCertificates: Sendable {
        /// They aren't asked to.
        case ignored
        /// They are asked. One that is shown has to be valid.
        case requested
        /// Without a valid one there is no connection.
        case required
    }

    /// At least one. A client gets the first that has the name it asks for, else the first.
    public var certificates: [CertificateFiles]
    /// Whether clients show certificates.
    public var clientCertificates = ClientCertificates.ignored
    /// The authorities of clients' certificates; there unless those are ignored.
    public var clientCA: String?

    /// Listeners with certificates, whose clients need none.
    public init(certificates: [CertificateFiles]) {
        self.certificates = certificates
    }
}

/// What is wrong with a file of `TLSSettings`.
public struct TLSProblem: Error, Equatable, Sendable {
    /// Which file; the number is that of the certificate.
    public enum Place: Equatable, Sendable {
        case certificate(Int)
        case key(Int)
        case ocsp(Int)
        case clientCA
    }

    /// Which file.
    public var place: Place
    /// A sentence for the operator, with the file's name.
    public var message: String
    /// Whether the listener can be had all the same.
    public var isWarning = false
}
