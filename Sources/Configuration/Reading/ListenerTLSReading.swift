extension ListenerTLS {
    private static let certificateKeys = ["certificate", "key", "ocsp"]
    private static let example = "{certificate: cert.pem, key: key.pem}"

    /// Reads `server.tls`: `{certificate, key}`, several of them as a list, or as `certificates` beside `clientCA`.
    static func read(_ field: Field) -> ListenerTLS? {
        if case .list = field.kind {
            var tls = ListenerTLS()
            tls.certificates = certificates(field)
            return tls
        }
        let keys = certificateKeys + ["certificates", "clientCA", "clientAuth"]
        guard let object = field.object(keys: keys, example: example, emptyWhenNull: false) else { return nil }
        var tls = ListenerTLS()
        if let list = object["certificates"] {
            for key in certificateKeys {
                guard let other = object[key] else { continue }
                other.error(
                    "\"\(field.path)\" has both certificates and \(key); move it into the list", at: other.keyMark)
            }
            tls.certificates = certificates(list)
        } else {
            tls.certificates = Certificate(object).map { [$0] } ?? []
        }
        object.read("clientCA", into: &tls.clientCA) { $0.text("a file name such as clients.pem") }
        object.read("clientAuth", into: &tls.clientAuthentication) { $0.choice(ClientAuthentication.self) }
        if let field = object["clientAuth"], object["clientCA"] == nil {
            field.error(
                "\"\(field.path)\" needs clientCA beside it: the authorities whose certificates are taken",
                at: field.keyMark)
        }
        return tls
    }

    private static func certificates(_ field: Field) -> [Certificate] {
        guard let items = field.items(of: "certificates such as [\(example)]") else { return [] }
        if items.isEmpty { field.error("\"\(field.path)\" must hold at least one certificate such as \(example)") }
        return items.compactMap { item in
            guard let object = item.object(keys: certificateKeys, example: example, emptyWhenNull: false) else {
                return nil
            }
            return Certificate(object)
        }
    }
}

extension ListenerTLS.Certificate {
    /// Nil where one of the two that it needs is missing or wrong, which is reported.
    fileprivate init?(_ object: ObjectReader) {
        let read = { (field: Field?, example: String) in field?.text("a file name such as \(example)") }
        let certificate = read(object.required("certificate", example: "cert.pem"), "cert.pem")
        let key = read(object.required("key", example: "key.pem"), "key.pem")
        let ocsp = read(object["ocsp"], "cert.ocsp")
        guard let certificate, let key else { return nil }
        self.init(certificate: certificate, key: key, ocsp: ocsp)
    }
}
