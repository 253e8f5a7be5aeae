internal import Configuration
internal import HTTPServer

/// What the listeners show and ask for.
extension SnapshotBuilder {
    /// The files of `server.tls`, read and checked; nil where the key is absent, or where there are errors, which are
    /// reported at the key that names the file.
    mutating func listenerTLS(previous: TLSContext?) -> TLSContext? {
        guard let tls = configuration.server.tls, !tls.certificates.isEmpty else { return nil }
        var settings = TLSSettings(
            certificates: tls.certificates.map {
                TLSSettings.CertificateFiles(
                    certificate: configuration.resolve($0.certificate.value),
                    key: configuration.resolve($0.key.value), ocsp: $0.ocsp.map { configuration.resolve($0.value) })
            })
        if let clientCA = tls.clientCA {
            settings.clientCA = configuration.resolve(clientCA.value)
            settings.clientCertificates = tls.clientAuthentication == .require ? .required : .requested
        }
        let loaded = TLSContext.load(settings, tickets: previous?.tickets ?? TicketKeys())
        for problem in loaded.problems {
            report(
                problem.message, at: tls.mark(of: problem.place), severity: problem.isWarning ? .warning : .error,
                rule: problem.isWarning ? .unfitCertificate : nil)
        }
        return loaded.context
    }
}

extension ListenerTLS {
    /// Where the file is named.
    fileprivate func mark(of place: TLSProblem.Place) -> Mark {
        switch place {
        case .certificate(let index): certificates[index].certificate.mark
        case .key(let index): certificates[index].key.mark
        case .ocsp(let index): certificates[index].ocsp?.mark ?? certificates[index].certificate.mark
        case .clientCA: clientCA?.mark ?? .start
        }
    }
}
