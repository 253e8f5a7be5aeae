import EventLoop
import Foundation
import HTTP
import TestSupport
import Testing

@testable import Upstream

/// A real server, where Debian's nginx is installed: `http` and `https` with HTTP/2 on two ports, with a certificate
/// for `upstream.test`.
final class Nginx {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let port = ScriptedUpstream.closedPort()
    let securePort = ScriptedUpstream.closedPort()
    /// The path of a Unix socket that it listens on too.
    let socket: String
    let mutualPort = ScriptedUpstream.closedPort()
    private let server: RunningServer

    /// - Parameter authority: of the certificates that clients have to show, and of the server's, on `mutualPort`.
    init(mutual authority: TestAuthority? = nil) throws {
        let mutual = authority.map { [mutualPort] in
            """
            server {
              listen 127.0.0.1:\(mutualPort) ssl;
              ssl_certificate \($0.path("server.pem")); ssl_certificate_key \($0.path("server.key"));
              ssl_client_certificate \($0.path("ca.pem")); ssl_verify_client on;
              location / { return 200 "$ssl_client_s_dn"; }
            }
            """
        }
        let workspace = try Workspace()
        let folder = workspace.folder
        socket = workspace.path("socket")
        let configuration = """
            daemon off; master_process off; pid \(folder.path)/pid; error_log stderr;
            events { worker_connections 256; }
            http {
              access_log off; client_body_temp_path \(folder.path)/body; proxy_temp_path \(folder.path)/proxy;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u; scgi_temp_path \(folder.path)/s;
              keepalive_requests 3;
              server {
                listen 127.0.0.1:\(port);
                listen unix:\(socket);
                listen 127.0.0.1:\(securePort) ssl http2;
                ssl_certificate \(Self.fixtures.path)/cert.pem; ssl_certificate_key \(Self.fixtures.path)/key.pem;
                location / { return 200 "$server_protocol $ssl_server_name $host $request_uri"; }
              }
              \(mutual ?? "")
            }
            """
        try workspace.write("nginx.conf", configuration)
        server = try RunningServer(
            ["/usr/sbin/nginx", "-c", workspace.path("nginx.conf"), "-p", folder.path],
            ports: [port, securePort] + (authority == nil ? [] : [mutualPort]), in: workspace)
    }

    func settings(tls: ClientTLSSettings) -> UpstreamSettings {
        UpstreamSettings(
            name: "up", targets: [TargetSettings(isSecure: true, host: "127.0.0.1", port: securePort)], tls: tls)
    }
}

@Suite("A real server", .enabled(if: Nginx.isInstalled), .serialized)
struct NginxTests {
    static let ca = Nginx.fixtures.appending(path: "cert.pem").path

    @Test(arguments: transports)
    func `keep-alive that nginx limits costs no call`(_ transport: TransportChoice) throws {
        let nginx = try Nginx()
        let shard = try Shard(.up(transport, ports: nginx.port))
        for number in 0..<8 {
            #expect(try shard.call("up", .get, "/a?\(number)").body == "HTTP/1.1  127.0.0.1 /a?\(number)")
        }
    }

    @Test(arguments: transports)
    func `a Unix socket is an upstream like any other`(_ transport: TransportChoice) throws {
        let nginx = try Nginx()
        let target = TargetSettings(host: "localhost", port: 80, socket: nginx.socket, basePath: "/v1")
        let settings = UpstreamSettings(name: "up", targets: [target], transport: transport)
        let shard = try Shard(settings)
        for number in 0..<5 {
            #expect(try shard.call("up", .get, "/a?\(number)").body == "HTTP/1.1  localhost /v1/a?\(number)")
        }
        #expect(shard.registry.upstreams[0].targets(now: .current).map(\.url) == ["unix:\(nginx.socket):/v1"])
    }

    @Test(arguments: transports)
    func `a Unix socket that nobody listens on can't be reached`(_ transport: TransportChoice) throws {
        let target = TargetSettings(host: "localhost", port: 80, socket: "/nonexistent/s")
        let settings = UpstreamSettings(name: "up", targets: [target], transport: transport)
        #expect(try Shard(settings).call().failure == CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream))
    }

    @Test func `an upstream that asks for a certificate gets ours`() throws {
        let authority = try TestAuthority()
        try authority.issue("server", names: "DNS:inner.test")
        try authority.issue("gateway", subject: "/O=Example/CN=gateway")
        let nginx = try Nginx(mutual: authority)
        let settings = { (certificate: String?) in
            UpstreamSettings(
                name: "up", targets: [TargetSettings(isSecure: true, host: "127.0.0.1", port: nginx.mutualPort)],
                tls: ClientTLSSettings(
                    ca: authority.path("ca.pem"), certificate: certificate.map { authority.path("\($0).pem") },
                    key: certificate.map { authority.path("\($0).key") }, serverName: "inner.test"))
        }
        #expect(try Shard(settings("gateway")).call("up", .get, "/").body == "CN=gateway,O=Example")
        let without = try Shard(settings(nil)).call("up", .get, "/")
        #expect(without.body != "CN=gateway,O=Example")
    }

    @Test func `TLS asks for and verifies the server's name, and talks HTTP/2`() throws {
        let nginx = try Nginx()
        let shard = try Shard(nginx.settings(tls: ClientTLSSettings(ca: Self.ca, serverName: "upstream.test")))
        let calls = try (0..<8).map { try shard.start("up", .get, "/a%2Fb/../c?\($0)") }
        for (number, call) in calls.enumerated() {
            let result = call.wait()
            #expect(result.body == "HTTP/2.0 upstream.test 127.0.0.1 /a%2Fb/../c?\(number)")
            #expect(result.failure == nil)
        }
    }

    @Test(arguments: [
        ClientTLSSettings(), ClientTLSSettings(ca: ca), ClientTLSSettings(ca: ca, serverName: "other.test"),
        ClientTLSSettings(ca: "/nonexistent", serverName: "upstream.test"),
    ])
    func `a server that can't be trusted is not called`(_ tls: ClientTLSSettings) throws {
        let nginx = try Nginx()
        let failure = try Shard(nginx.settings(tls: tls)).call().failure
        #expect(failure == CallFailure(.upstreamUnreachable, attempts: 1, source: .upstream))
    }

    @Test func `unless it need not be verified`() throws {
        let nginx = try Nginx()
        let shard = try Shard(nginx.settings(tls: ClientTLSSettings(verify: false)))
        #expect(try shard.call("up", .post, "/p", body: "content").status == 200)
    }
}
