internal import CLibSSL
internal import Glibc

/// An X.509 certificate. Any thread.
@safe
final class Certificate: @unchecked Sendable {
    // Nobody changes it once it is read.
    let handle: OpaquePointer

    @unsafe init(owning handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe X509_free(handle) }
}

/// The certificates of a PEM file. Any thread.
struct CertificateFile: Sendable {
    /// The first: the listener's own, before those that lead to its authority.
    let leaf: Certificate
    /// Those after the first.
    let chain: [Certificate]

    /// The certificates in `bytes`; nil where there is none, or one that can't be read.
    init?(pem bytes: [UInt8]) {
        var found: [Certificate] = []
        unsafe PEM.read(bytes) { bio in
            while let certificate = unsafe PEM_read_bio_X509(bio, nil, PEM.noPassphrase, nil) {
                unsafe found.append(Certificate(owning: certificate))
            }
        }
        // The last look finds none and says so.
        let isComplete = ERR_peek_last_error() & 0xFFF == UInt(PEM_R_NO_START_LINE)
        ERR_clear_error()
        guard let leaf = found.first, isComplete else { return nil }
        self.leaf = leaf
        chain = Array(found.dropFirst())
    }

    /// The names that the first stands for, in lower case; `*` may be the first label.
    var names: [String] {
        var names: [String] = []
        unsafe withUnsafeMutablePointer(to: &names) { names in
            unsafe sluice_x509_each_name(
                leaf.handle,
                { names, bytes, count in
                    guard let names = unsafe names, let bytes = unsafe bytes else { return }
                    let text = unsafe String(
                        decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
                    unsafe names.assumingMemoryBound(to: [String].self).pointee.append(text.lowercased())
                }, names)
        }
        return names
    }

    /// Seconds since 1970 from which the first is valid, and up to which.
    var validity: ClosedRange<Int64> {
        let first = unsafe sluice_asn1_seconds(X509_get0_notBefore(leaf.handle))
        let last = unsafe sluice_asn1_seconds(X509_get0_notAfter(leaf.handle))
        return min(first, last)...last
    }
}

/// A private key of a PEM file. Any thread.
@safe
final class PrivateKeyFile: @unchecked Sendable {
    let key: OpaquePointer

    /// The key in `bytes`; nil where there is none that can be read without a passphrase.
    init?(pem bytes: [UInt8]) {
        var found: OpaquePointer?
        unsafe PEM.read(bytes) { bio in
            unsafe found = PEM_read_bio_PrivateKey(bio, nil, PEM.noPassphrase, nil)
        }
        ERR_clear_error()
        guard let found = unsafe found else { return nil }
        unsafe key = found
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Whether it belongs to the first certificate of `file`.
    func fits(_ file: CertificateFile) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_check_private_key(file.leaf.handle, key) == 1
    }
}

/// What reading PEM takes.
enum PEM {
    /// Instead of asking for a passphrase on the terminal: there is none.
    static let noPassphrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) ->
            Int32 = { _, _, _, _ in -1 }

    /// Whether `bytes` hold a key that needs a passphrase.
    static func isEncrypted(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
    }

    /// Calls `body` with a BIO over `bytes`.
    @unsafe static func read(_ bytes: [UInt8], _ body: (OpaquePointer) -> Void) {
        ERR_clear_error()
        unsafe bytes.withUnsafeBytes { bytes in
            guard let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return }
            unsafe body(bio)
            unsafe BIO_free(bio)
        }
    }
}

/// A small file, read whole.
enum SmallFile {
    /// Certificates and keys are never larger.
    private static let limit = 1 << 20

    /// The bytes of the file, or why there are none.
    static func read(_ path: String) -> Result<[UInt8], Failure> {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(Failure(unsafe String(cString: strerror(errno)))) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let result = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe Glibc.read(descriptor, room.baseAddress?.advanced(by: count), room.count - count)
            }
            if result < 0, errno == EINTR { continue }
            if result < 0 { return .failure(Failure(unsafe String(cString: strerror(errno)))) }
            if result == 0 { return .success(Array(bytes.prefix(count))) }
            count += result
        }
        return .failure(Failure("it is larger than 1 MiB"))
    }

    struct Failure: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }
}
