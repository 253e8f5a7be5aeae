import Configuration
import Foundation
import Gateway
import Telemetry
import TestSupport
import Testing

/// What `check` says of the files of `server.tls`.
@Suite("Files of server.tls")
struct ListenerTLSTests {
    let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
        try authority.issue("good", names: "DNS:a.test")
        try authority.issue("other", names: "DNS:a.test")
        try authority.issue("late", names: "DNS:late.test", days: -1)
        try Data("nothing".utf8).write(to: authority.folder.appending(path: "empty.pem"))
        _ = try Tool.run(
            "openssl", "ec", "-in", "good.key", "-aes256", "-passout", "pass:secret", "-out", "locked.key",
            folder: authority.folder)
        try authority.staple("good")
    }

    /// The report on a configuration with `tls`, the text of the value.
    func report(_ tls: String) throws -> String {
        let file = authority.folder.appending(path: "gateway.yaml")
        try Data("server:\n  tls: \(tls)\n".utf8).write(to: file)
        let checked = Snapshot.load(path: file.path, environment: [:], metrics: MetricsRegistry())
        return checked.report.text.replacing(authority.folder.path + "/", with: "")
    }

    @Test(arguments: [
        (
            "{certificate: none.pem, key: good.key}",
            "gateway.yaml:2:22: error: The certificate \"none.pem\" can't be read: No such file or directory."
        ),
        (
            "{certificate: good.pem, key: none.key}",
            "gateway.yaml:2:37: error: The key \"none.key\" can't be read: No such file or directory."
        ),
        (
            "{certificate: empty.pem, key: good.key}",
            "gateway.yaml:2:22: error: \"empty.pem\" holds no certificate in PEM form, or one that is broken."
        ),
        (
            "{certificate: good.pem, key: empty.pem}",
            "gateway.yaml:2:37: error: \"empty.pem\" holds no private key in PEM form, or one that is broken."
        ),
        (
            "{certificate: good.pem, key: locked.key}",
            "gateway.yaml:2:37: error: The key \"locked.key\" has a passphrase; write it without one, readable by the gateway only."
        ),
        (
            "{certificate: good.pem, key: other.key}",
            "gateway.yaml:2:37: error: The key \"other.key\" doesn't belong to the certificate \"good.pem\": their public keys differ."
        ),
        (
            "{certificate: late.pem, key: late.key}",
            "gateway.yaml:2:22: warning: The certificate \"late.pem\" expired on "
        ),
        (
            "{certificate: good.pem, key: good.key, clientCA: none.pem}",
            "gateway.yaml:2:57: error: The file of authorities \"none.pem\" can't be read: No such file or directory."
        ),
        (
            "{certificate: good.pem, key: good.key, ocsp: good.pem}",
            "gateway.yaml:2:53: error: \"good.pem\" is no OCSP response in DER form."
        ),
        (
            "{certificate: other.pem, key: other.key, ocsp: good.ocsp}",
            "gateway.yaml:2:55: error: \"good.ocsp\" is about another certificate."
        ),
        (
            "[{certificate: good.pem, key: good.key}, {certificate: other.pem, key: other.key}]",
            "gateway.yaml:2:63: warning: No client will get the certificate \"other.pem\": those before it have all of its names."
        ),
    ])
    func `each problem is shown at the key that names the file`(tls: String, expected: String) throws {
        let report = try report(tls)
        #expect(report.contains(expected), "\(report)")
        #expect(
            report.split(whereSeparator: \.isNewline).filter { $0.contains("error:") || $0.contains("warning:") }.count
                == 1)
    }

    @Test(arguments: [
        ("{ca: none.pem}", "gateway.yaml:4:15: error: The file of authorities \"none.pem\" can't be read"),
        (
            "{certificate: good.pem, key: other.key}",
            "gateway.yaml:4:39: error: The key \"other.key\" doesn't belong to the certificate \"good.pem\""
        ),
    ])
    func `files of an upstream's tls are looked at too`(tls: String, expected: String) throws {
        let file = authority.folder.appending(path: "upstream.yaml")
        try Data("upstreams:\n  one:\n    url: https://127.0.0.1:1\n    tls: \(tls)\n".utf8).write(to: file)
        let checked = Snapshot.load(path: file.path, environment: [:], metrics: MetricsRegistry())
        let report = checked.report.text.replacing(authority.folder.path + "/", with: "")
        #expect(report.contains(expected.replacing("gateway.yaml", with: "upstream.yaml")), "\(report)")
    }

    @Test(arguments: [
        "{certificate: good.pem, key: good.key, ocsp: good.ocsp, clientCA: ca.pem, clientAuth: request}",
        "[{certificate: good.pem, key: good.key}, {certificate: late.pem, key: late.key}]",
    ])
    func `good files have no errors`(tls: String) throws {
        #expect(try !report(tls).contains("error:"))
    }
}
