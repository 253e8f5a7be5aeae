internal import Configuration
internal import EventLoop
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

/// What upstreams and Redis are shown, and how they are trusted.
extension SnapshotBuilder {
    /// Reports what is wrong with the files of `upstreams.*.tls`, which libcurl reads again for each connection, and of
    /// `redis.tls`.
    mutating func checkClientTLS() {
        for tls in (configuration.upstreams.map(\.tls) + [configuration.redis?.tls]).compactMap(\.self) {
            let files = ClientTLSSettings(tls, in: configuration)
            let problems = TLSProblem.ofClient(ca: files.ca, certificate: files.certificate, key: files.key)
            for problem in problems {
                let file =
                    switch problem.place {
                    case .certificate, .ocsp: tls.certificate
                    case .key: tls.key
                    case .clientCA: tls.ca
                    }
                report(
                    problem.message, at: file?.mark ?? .start, severity: problem.isWarning ? .warning : .error,
                    rule: problem.isWarning ? .unfitCertificate : nil)
            }
        }
    }
}

/// Where upstreams are.
extension SnapshotBuilder {
    /// Reports targets that `public: true` can't mean: a name is looked at when it is connected to, these never change.
    mutating func checkPublicTargets() {
        for upstream in configuration.upstreams where upstream.isPublic {
            for target in upstream.targets {
                let isInside = target.socket != nil || IPAddress(target.host)?.isPublic == false
                guard isInside || target.host.lowercased() == "localhost" else { continue }
                report(
                    "\(target.url.value) is no address of the internet, and \"public: true\" allows no other; remove one "
                        + "of the two.", at: target.url.mark)
            }
        }
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
