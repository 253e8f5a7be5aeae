/// How the certificate of a server that we are the client of is trusted. Paths are those of files.
public struct ClientTLSSettings: Hashable, Sendable {
    /// A PEM file of authorities, instead of the system's.
    public var ca: String?
    /// Our own certificate, PEM.
    public var certificate: String?
    /// The key of `certificate`, PEM.
    public var key: String?
    /// The name asked for and verified, instead of the server's host.
    public var serverName: String?
    /// False trusts any certificate.
    public var verify: Bool

    /// TLS settings; without any, the system's authorities, verified.
    public init(
        ca: String? = nil, certificate: String? = nil, key: String? = nil, serverName: String? = nil,
        verify: Bool = true
    ) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
        self.verify = verify
    }
}
