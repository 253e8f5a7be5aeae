internal import CLibSSL

extension VerificationKey {
    /// The key in a PEM file: a public key, or the one that a certificate is about.
    /// - Parameter bytes: the file.
    public convenience init(
        pem bytes: [UInt8], identifier: String?, algorithm: SignatureAlgorithm?
    ) throws(Unusable) {
        defer { ERR_clear_error() }
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.contains("PRIVATE KEY-----") else {
            throw Unusable("the file holds a private key; the gateway needs the public one only")
        }
        guard let source = unsafe BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
            throw Unusable("there is no memory for it")
        }
        defer { unsafe BIO_free(source) }
        if text.contains("-----BEGIN CERTIFICATE-----") {
            guard let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil) else {
                throw Unusable("the certificate in it can't be read")
            }
            defer { unsafe X509_free(certificate) }
            guard let handle = unsafe X509_get_pubkey(certificate) else {
                throw Unusable("the certificate's key can't be read")
            }
            try unsafe self.init(handle: handle, identifier: identifier, algorithm: algorithm)
        } else {
            guard let handle = unsafe PEM_read_bio_PUBKEY(source, nil, nil, nil) else {
                throw Unusable("there is no public key in PEM form in it (\"-----BEGIN PUBLIC KEY-----\")")
            }
            try unsafe self.init(handle: handle, identifier: identifier, algorithm: algorithm)
        }
    }

    /// A JSON Web Key (RFC 7517).
    /// - Parameter members: its members that are strings; others don't matter here.
    public convenience init(jwk members: [String: String]) throws(Unusable) {
        let identifier = members["kid"]
        var algorithm: SignatureAlgorithm?
        if let name = members["alg"] {
            guard let known = SignatureAlgorithm(rawValue: name) else {
                throw Unusable("\"\(name.prefix(40))\" is no algorithm of signatures")
            }
            algorithm = known
        }
        if let use = members["use"], use != "sig" { throw Unusable("it is not for signatures") }
        guard members["d"] == nil else {
            throw Unusable("it holds a private key; the gateway needs the public one only")
        }
        switch members["kty"] {
        case "oct":
            let secret = try Self.bytes("k", of: members)
            try self.init(secret: secret, identifier: identifier, algorithm: algorithm)
        case "RSA":
            let encoded = DER.publicKey(
                modulus: try Self.bytes("n", of: members), exponent: try Self.bytes("e", of: members))
            try self.init(encoded: encoded, identifier: identifier, algorithm: algorithm)
        case "EC":
            guard let curve = members["crv"].flatMap(Curve.init), [.p256, .p384, .p521].contains(curve) else {
                throw Unusable("its \"crv\" is none of P-256, P-384 and P-521")
            }
            let point = try Self.coordinate("x", of: members, curve) + Self.coordinate("y", of: members, curve)
            let encoded = DER.publicKey(curve, point: [0x04] + point)
            try self.init(encoded: encoded, identifier: identifier, algorithm: algorithm)
        case "OKP":
            guard let curve = members["crv"].flatMap(Curve.init), [.ed25519, .ed448].contains(curve) else {
                throw Unusable("its \"crv\" is neither Ed25519 nor Ed448")
            }
            let encoded = DER.publicKey(curve, point: try Self.coordinate("x", of: members, curve))
            try self.init(encoded: encoded, identifier: identifier, algorithm: algorithm)
        default: throw Unusable("its \"kty\" is none of RSA, EC, OKP and oct")
        }
    }

    private static func bytes(_ name: String, of members: [String: String]) throws(Unusable) -> [UInt8] {
        // 16,384 bits are more than any key in use has.
        guard let text = members[name], text.utf8.count <= 2800, let bytes = Base64URL.decode(text), !bytes.isEmpty
        else { throw Unusable("its \"\(name)\" is missing or no Base64URL") }
        return bytes
    }

    private static func coordinate(
        _ name: String, of members: [String: String], _ curve: Curve
    ) throws(Unusable) -> [UInt8] {
        let bytes = try bytes(name, of: members)
        guard bytes.count == curve.coordinateLength else {
            throw Unusable("its \"\(name)\" has \(bytes.count) bytes, not \(curve.coordinateLength)")
        }
        return bytes
    }

    /// A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7); libcrypto checks that a point lies on its curve.
    private convenience init(
        encoded: [UInt8], identifier: String?, algorithm: SignatureAlgorithm?
    ) throws(Unusable) {
        defer { ERR_clear_error() }
        let handle = unsafe encoded.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let handle = unsafe handle else { throw Unusable("its numbers make no key") }
        try unsafe self.init(handle: handle, identifier: identifier, algorithm: algorithm)
    }
}
