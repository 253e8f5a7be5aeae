extension GatewayConfiguration {
    /// The file itself, and every file and pattern of files that it names, as the process can open them: what a change
    /// of the configuration may begin with.
    public var files: [String] {
        var files = [file]
        for certificate in server.tls?.certificates ?? [] {
            files += [certificate.certificate, certificate.key].map { resolve($0.value) }
            if let ocsp = certificate.ocsp { files.append(resolve(ocsp.value)) }
        }
        if let clientCA = server.tls?.clientCA { files.append(resolve(clientCA.value)) }
        for tls in (upstreams.map(\.tls) + [redis?.tls]).compactMap(\.self) {
            files += [tls.ca, tls.certificate, tls.key].compactMap { $0.map { resolve($0.value) } }
        }
        files += (graphQL?.schemas ?? []).map { resolve($0.value) }
        if let manifest = graphQL?.persisted.manifest { files.append(resolve(manifest.value)) }
        for door in doors {
            if case .operation(let path) = door.destination { files.append(resolve(path.value)) }
        }
        for jwt in auth?.issuers ?? [] {
            if let jwks = jwt.jwks, !jwks.value.isURL { files.append(resolve(jwks.value)) }
            for key in jwt.keys {
                if case .file(let path, _, _) = key.value { files.append(resolve(path.value)) }
            }
        }
        return files
    }
}
