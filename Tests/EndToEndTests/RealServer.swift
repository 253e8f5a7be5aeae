import EventLoop
import Foundation
import TestSupport

/// Debian's nginx on a port of its own, which says who it is; it can be killed and started again.
final class RealServer {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")
    let name: String
    let port = ScriptedUpstream.closedPort()
    private let server: RunningServer

    init(_ name: String) throws {
        self.name = name
        let workspace = try Workspace()
        let folder = workspace.folder
        let configuration = """
            daemon off; master_process off; pid \(folder.path)/pid; error_log stderr;
            events { worker_connections 256; }
            http {
              access_log off; client_body_temp_path \(folder.path)/body; proxy_temp_path \(folder.path)/proxy;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u; scgi_temp_path \(folder.path)/s;
              default_type application/json;
              server {
                listen 127.0.0.1:\(port);
                location = /healthz { return 204; }
                location / { return 200 '{"server": "\(name)"}'; }
              }
            }
            """
        try workspace.write("nginx.conf", configuration)
        server = try RunningServer(
            ["/usr/sbin/nginx", "-c", workspace.path("nginx.conf"), "-p", folder.path], ports: [port],
            in: workspace)
    }

    /// Starts it, and waits until it listens.
    func start() throws { try server.start() }

    /// Kills it without a word to anybody.
    func stop() { server.stop() }
}
