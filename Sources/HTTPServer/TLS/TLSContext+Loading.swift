internal import CLibSSL
internal import Glibc

extension TLSContext {
    /// Reads the files of `settings` and makes them ready. Blocks on the files: not for a loop's thread.
    /// - Parameter tickets: what seals session tickets; that of the context before this one, if there is one.
    /// - Returns: the context, unless a problem is more than a warning.
    public static func load(
        _ settings: TLSSettings, tickets: TicketKeys = TicketKeys()
    ) -> (context: TLSContext?, problems: [TLSProblem]) {
        var loading = TLSLoading()
        let clients = loading.clientAuthorities(settings)
        var identities: [TLSIdentity] = []
        for (index, files) in settings.certificates.enumerated() {
            if let identity = loading.identity(index, files, settings, clients) {
                loading.warnOfUnused(index, files, identity, identities)
                identities.append(identity)
            }
        }
        let isGood = loading.problems.allSatisfy(\.isWarning) && !identities.isEmpty
        return (isGood ? TLSContext(identities, tickets: tickets) : nil, loading.problems)
    }
}

extension TLSProblem {
    /// What is wrong with files that a client of TLS uses: the authorities that it trusts (`clientCA` in the problems'
    /// places), and its own certificate with its key. Blocks on the files: not for a loop's thread.
    public static func ofClient(ca: String?, certificate: String?, key: String?) -> [TLSProblem] {
        var loading = TLSLoading()
        if let ca { _ = loading.authorities(ca) }
        if let certificate, let key {
            _ = loading.pair(0, TLSSettings.CertificateFiles(certificate: certificate, key: key))
        }
        return loading.problems
    }
}

/// One reading of the files of `TLSSettings`.
private struct TLSLoading {
    var problems: [TLSProblem] = []
    private let now = Int64(time(nil))

    private mutating func report(_ place: TLSProblem.Place, _ message: String, isWarning: Bool = false) {
        problems.append(TLSProblem(place: place, message: message, isWarning: isWarning))
    }

    /// The bytes of a file; nil where it can't be read, which is reported.
    private mutating func bytes(_ path: String, _ place: TLSProblem.Place, _ what: String) -> [UInt8]? {
        switch SmallFile.read(path) {
        case .success(let bytes): return bytes
        case .failure(let failure):
            report(place, "The \(what) \"\(path)\" can't be read: \(failure.reason).")
            return nil
        }
    }

    // MARK: Clients

    mutating func clientAuthorities(_ settings: TLSSettings) -> (file: CertificateFile, bytes: [UInt8])? {
        guard settings.clientCertificates != .ignored, let path = settings.clientCA else { return nil }
        return authorities(path)
    }

    mutating func authorities(_ path: String) -> (file: CertificateFile, bytes: [UInt8])? {
        guard let bytes = bytes(path, .clientCA, "file of authorities") else { return nil }
        guard let file = CertificateFile(pem: bytes) else {
            report(.clientCA, "\"\(path)\" holds no certificate in PEM form, or one that is broken.")
            return nil
        }
        return (file, bytes)
    }

    // MARK: Certificates

    mutating func identity(
        _ index: Int, _ files: TLSSettings.CertificateFiles, _ settings: TLSSettings,
        _ clients: (file: CertificateFile, bytes: [UInt8])?
    ) -> TLSIdentity? {
        guard let (certificate, key) = pair(index, files) else { return nil }
        guard let context = unsafe sluice_ssl_server_context() else {
            report(.certificate(index), "OpenSSL can't make a context: \(Self.reason).")
            return nil
        }
        var isGood =
            unsafe SSL_CTX_use_certificate(context, certificate.leaf.handle) == 1
            && SSL_CTX_use_PrivateKey(context, key.key) == 1
        for link in certificate.chain where isGood {
            isGood = unsafe sluice_ssl_add_chain_certificate(context, link.handle) == 1
        }
        if isGood, let clients {
            isGood = unsafe Self.ask(context, clients, isRequired: settings.clientCertificates == .required)
        }
        // From here on the identity frees the context.
        let identity = unsafe TLSIdentity(
            context, names: certificate.names, staple: staple(index, files, certificate))
        guard isGood else {
            report(
                .certificate(index), "OpenSSL doesn't take the certificate \"\(files.certificate)\": \(Self.reason).")
            return nil
        }
        return identity
    }

    /// A certificate and the key that belongs to it; nil where there are none, which is reported.
    mutating func pair(
        _ index: Int, _ files: TLSSettings.CertificateFiles
    ) -> (certificate: CertificateFile, key: PrivateKeyFile)? {
        let certificate = certificate(index, files)
        let key = key(index, files)
        guard let certificate, let key else { return nil }
        guard key.fits(certificate) else {
            report(
                .key(index),
                "The key \"\(files.key)\" doesn't belong to the certificate \"\(files.certificate)\": their public keys differ."
            )
            return nil
        }
        return (certificate, key)
    }

    private static var reason: String {
        guard let text = unsafe sluice_ssl_take_error() else { return "no reason given" }
        return unsafe String(cString: text)
    }

    private mutating func certificate(
        _ index: Int, _ files: TLSSettings.CertificateFiles
    ) -> CertificateFile? {
        let path = files.certificate
        guard let bytes = bytes(path, .certificate(index), "certificate") else { return nil }
        guard let file = CertificateFile(pem: bytes) else {
            report(.certificate(index), "\"\(path)\" holds no certificate in PEM form, or one that is broken.")
            return nil
        }
        let validity = file.validity
        if now > validity.upperBound {
            report(
                .certificate(index), "The certificate \"\(path)\" expired on \(Self.day(validity.upperBound)).",
                isWarning: true)
        } else if now < validity.lowerBound {
            report(
                .certificate(index),
                "The certificate \"\(path)\" is not valid before \(Self.day(validity.lowerBound)).",
                isWarning: true)
        }
        return file
    }

    private mutating func key(_ index: Int, _ files: TLSSettings.CertificateFiles) -> PrivateKeyFile? {
        guard let bytes = bytes(files.key, .key(index), "key") else { return nil }
        guard let file = PrivateKeyFile(pem: bytes) else {
            report(
                .key(index),
                PEM.isEncrypted(bytes)
                    ? "The key \"\(files.key)\" has a passphrase; write it without one, readable by the gateway only."
                    : "\"\(files.key)\" holds no private key in PEM form, or one that is broken.")
            return nil
        }
        return file
    }

    /// `2026-11-21`, in UTC.
    private static func day(_ second: Int64) -> String {
        var time = time_t(second)
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        let two = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
        return unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    }

    mutating func warnOfUnused(
        _ index: Int, _ files: TLSSettings.CertificateFiles, _ identity: TLSIdentity, _ before: [TLSIdentity]
    ) {
        let taken = Set(before.flatMap(\.names))
        guard !before.isEmpty, identity.names.allSatisfy(taken.contains) else { return }
        report(
            .certificate(index),
            "No client will get the certificate \"\(files.certificate)\": those before it have all of its names.",
            isWarning: true)
    }

    /// Has `context` ask clients for certificates of `authorities`.
    @unsafe private static func ask(
        _ context: OpaquePointer, _ authorities: (file: CertificateFile, bytes: [UInt8]), isRequired: Bool
    ) -> Bool {
        let store = unsafe SSL_CTX_get_cert_store(context)
        for authority in [authorities.file.leaf] + authorities.file.chain {
            guard unsafe X509_STORE_add_cert(store, authority.handle) == 1,
                unsafe SSL_CTX_add_client_CA(context, authority.handle) == 1
            else { return false }
        }
        let mode = sluice_SSL_VERIFY_CLIENT | (isRequired ? sluice_SSL_VERIFY_REQUIRED : 0)
        unsafe SSL_CTX_set_verify(context, Int32(mode), nil)
        // A session that began under other authorities or rules doesn't go on under these.
        var digest = [UInt8](repeating: 0, count: 32)
        let rules = authorities.bytes + [isRequired ? 1 : 0]
        unsafe SHA256(rules, rules.count, &digest)
        return unsafe SSL_CTX_set_session_id_context(context, digest, 32) == 1
    }

    // MARK: OCSP

    private mutating func staple(
        _ index: Int, _ files: TLSSettings.CertificateFiles, _ certificate: CertificateFile
    ) -> TLSIdentity.Staple? {
        guard let path = files.ocsp, let bytes = bytes(path, .ocsp(index), "OCSP response") else { return nil }
        var nextUpdate = Int64.max
        if let problem = unsafe sluice_ocsp_problem(bytes, bytes.count, certificate.leaf.handle, &nextUpdate) {
            report(.ocsp(index), "\"\(path)\" \(unsafe String(cString: problem)).")
            return nil
        }
        if now > nextUpdate {
            report(
                .ocsp(index),
                "The OCSP response \"\(path)\" is out of date since \(Self.day(nextUpdate)) and won't be sent; fetch a new one.",
                isWarning: true)
        }
        return TLSIdentity.Staple(response: bytes, nextUpdate: nextUpdate)
    }
}
