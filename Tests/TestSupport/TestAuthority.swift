public import Foundation

/// An authority of its own with certificates for tests, in files of a folder that goes with it.
public final class TestAuthority: Sendable {
    /// Where the files are: `ca.pem`, `ca.key`, and `NAME.pem`, `NAME.key` of each certificate.
    public var folder: URL { workspace.folder }
    private let workspace: Workspace
    private static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    /// A failed call of `openssl`, with what it said.
    public struct Failure: Error {
        /// Both of its streams.
        public let text: String
    }

    /// A fresh authority.
    public init() throws {
        workspace = try Workspace()
        try openssl(
            ["req", "-x509"] + Self.curve
                + ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test Authority", "-days", "30"])
    }

    /// Makes `NAME.pem` and `NAME.key`.
    /// - Parameters:
    ///   - subject: as openssl writes it, `/CN=app/O=Example`; `/CN=NAME` unless given.
    ///   - names: the DNS names and addresses that it stands for: `DNS:a.test,IP:127.0.0.1`.
    ///   - days: how long it is valid; below 0 it has expired.
    public func issue(
        _ name: String, subject: String? = nil, names: String = "DNS:localhost", days: Int = 10, rsaBits: Int? = nil
    ) throws {
        let key = rsaBits.map { ["-newkey", "rsa:\($0)", "-nodes"] } ?? Self.curve
        try openssl(
            ["req"] + key + ["-keyout", "\(name).key", "-out", "\(name).csr", "-subj", subject ?? "/CN=\(name)"])
        try workspace.write("\(name).ext", "subjectAltName=\(names)\n")
        try openssl([
            "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "\(name).pem", "-days", "\(days)", "-extfile", "\(name).ext",
        ])
    }

    /// Makes `NAME.ocsp`: the authority says that the certificate is good.
    public func staple(_ name: String) throws {
        let serial = try openssl(["x509", "-in", "\(name).pem", "-noout", "-serial"])
        let number = serial.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        try workspace.write("index", "V\t351231235959Z\t\t\(number)\tunknown\t/CN=\(name)\n")
        try openssl([
            "ocsp", "-index", "index", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem", "-issuer", "ca.pem",
            "-cert", "\(name).pem", "-respout", "\(name).ocsp", "-ndays", "7", "-noverify",
        ])
    }

    /// The path of one of the files.
    public func path(_ file: String) -> String { workspace.path(file) }

    @discardableResult
    private func openssl(_ arguments: [String]) throws -> String {
        let outcome = try Tool.run(["openssl"] + arguments, folder: folder)
        guard outcome.status == 0 else { throw Failure(text: outcome.text) }
        return outcome.text
    }
}
