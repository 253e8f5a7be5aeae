import EventLoop
import Foundation
import TestSupport
import Testing

/// Real servers behind the gateway, each of which tells which requests it saw: nginx, Node, and haproxy before Node.
final class Behind {
    let nginxPort = ScriptedUpstream.closedPort()
    let haproxyPort = ScriptedUpstream.closedPort()
    let nodePort: UInt16
    private let workspace: Workspace
    private var servers: [RunningServer] = []
    private let nodeLines = Recorder<String>()

    init() throws {
        workspace = try Workspace()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/upstream.js")
        let output = Pipe()
        // It says itself which port it has.
        servers.append(try RunningServer(["node", script.path], ports: [], output: output))
        let lines = nodeLines
        Thread.detachNewThread {
            var unread = ""
            while case let data = output.fileHandleForReading.availableData, !data.isEmpty {
                unread += String(decoding: data, as: UTF8.self)
                while let end = unread.firstIndex(of: "\n") {
                    lines.add(String(unread[..<end]))
                    unread = String(unread[unread.index(after: end)...])
                }
            }
        }
        let first = lines.wait(seconds: 30) { !$0.isEmpty }.first ?? ""
        nodePort = try #require(UInt16(first.dropFirst("listening ".count)))
        try startProxies()
    }

    private func startProxies() throws {
        let folder = workspace.folder
        let nginx = """
            daemon off; master_process off; pid \(folder.path)/pid; error_log stderr;
            events { worker_connections 256; }
            http {
              log_format seen '$request_method $request_uri'; access_log \(folder.path)/seen seen;
              client_body_temp_path \(folder.path)/b; proxy_temp_path \(folder.path)/p;
              fastcgi_temp_path \(folder.path)/f; uwsgi_temp_path \(folder.path)/u; scgi_temp_path \(folder.path)/s;
              server { listen 127.0.0.1:\(nginxPort); location / { return 200 "$request_method $request_uri"; } }
            }
            """
        let haproxy = """
            defaults
              mode http
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend front
              bind 127.0.0.1:\(haproxyPort)
              default_backend back
            backend back
              http-reuse always
              server node 127.0.0.1:\(nodePort)

            """
        try workspace.write("nginx.conf", nginx)
        try workspace.write("haproxy.cfg", haproxy)
        servers.append(
            try RunningServer(
                ["/usr/sbin/nginx", "-c", workspace.path("nginx.conf"), "-p", folder.path], ports: [nginxPort],
                in: workspace))
        servers.append(
            try RunningServer(
                ["/usr/sbin/haproxy", "-db", "-f", workspace.path("haproxy.cfg")], ports: [haproxyPort],
                in: workspace))
    }

    /// Every request that one of them saw: method and target.
    func seen() throws -> [String] {
        let nginx = try String(contentsOf: workspace.folder.appending(path: "seen"), encoding: .utf8)
        let node = nodeLines.all.dropFirst().map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        return nginx.split(whereSeparator: \.isNewline).map(String.init) + node
    }
}
