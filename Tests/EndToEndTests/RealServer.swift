import EventLoop
import Foundation
import TestSupport

/// Debian's nginx on a port of its own, which says who it is; it can be killed and started again.
final class RealServer {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")
    let name: String
    let port = ScriptedUpstream.closedPort()
    private let folder: URL
    private var process = Process()

    init(_ name: String) throws {
        self.name = name
        folder = FileManager.default.temporaryDirectory.appending(path: "nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
        try configuration.write(to: folder.appending(path: "nginx.conf"), atomically: true, encoding: .utf8)
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it, and waits until it listens.
    func start() throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/nginx")
        process.arguments = ["-c", folder.appending(path: "nginx.conf").path, "-p", folder.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = Clock.now + 10
        while Clock.now < end, (try? RawConnection(.ip(.v4(0x7F00_0001), port: port))) == nil { sched_yield() }
    }

    /// Kills it without a word to anybody.
    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
