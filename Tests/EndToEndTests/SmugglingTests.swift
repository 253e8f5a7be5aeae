import EventLoop
import Foundation
import TestSupport
import Testing

@Suite("No upstream sees a request that no client made")
struct SmugglingTests {
    /// The doors, each to another server: nginx, haproxy (with Node behind it), Node.
    static let doors = ["n", "h", "j"]

    private func gateway(_ behind: Behind) throws -> ServedGateway {
        try ServedGateway([
            "gateway.yaml": """
            server: {listen: "127.0.0.1:0", timeouts: {headers: 1s, body: 1s}}
            admin: {listen: "127.0.0.1:0"}
            upstreams:
              nginx: {url: "http://127.0.0.1:\(behind.nginxPort)"}
              haproxy: {url: "http://127.0.0.1:\(behind.haproxyPort)"}
              node: {url: "http://127.0.0.1:\(behind.nodePort)"}
            rest:
              "ANY /n/{path...}": {upstream: nginx, rewrite: "/n/{path}"}
              "ANY /h/{path...}": {upstream: haproxy, rewrite: "/h/{path}"}
              "ANY /j/{path...}": {upstream: node, rewrite: "/j/{path}"}
            """
        ])
    }

    @Test func `there are attacks enough to mean something`() {
        #expect(SmugglingAttack.all.count >= 100)
    }

    @Test func `no attack desynchronises nginx, haproxy or Node behind the gateway`() throws {
        let behind = try Behind()
        let gateway = try gateway(behind)
        var expected: Set<String> = []
        for (number, attack) in SmugglingAttack.all.enumerated() {
            for door in Self.doors {
                let path = "/\(door)/attack-\(number)"
                let smuggled = "GET /\(door)/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
                let text = attack.text.replacing("@", with: attack.text.contains("a:b@") ? "@" : path)
                    .replacing("other@", with: "other\(path)")
                    .replacing("%S", with: smuggled).replacing("%N", with: "\(smuggled.utf8.count)")
                    .replacing("%X", with: String(smuggled.utf8.count, radix: 16))
                let connection = try RawConnection(gateway.address)
                try connection.send(text)
                let status = (try? connection.readResponse(hasBody: !text.hasPrefix("HEAD")).status) ?? 0
                #expect(attack.statuses.contains(status), "\(attack.name.prefix(80)) at /\(door): \(status)")
                if status == 400 || status > 430 {
                    // What follows a refused request is never looked at.
                    let rest = (try? connection.readToEnd()) ?? []
                    #expect(rest.isEmpty, "\(attack.name.prefix(80)): \(String(decoding: rest, as: UTF8.self))")
                }
                connection.close()
                expected.insert(path)
            }
            // The upstream connections that were used are in step: each gives the answer to the question.
            for door in Self.doors {
                let path = "/\(door)/probe-\(number)"
                let response = try gateway.request("GET", path)
                #expect(
                    response.status == 200 && response.text.hasPrefix("GET \(path)"),
                    "after \(attack.name.prefix(80)): \(response.text)")
                expected.insert(path)
            }
        }
        for request in try behind.seen() {
            let target = request.split(separator: " ").last.map(String.init) ?? ""
            let path = String(target.prefix { $0 != "%" && $0 != "?" })
            #expect(expected.contains(path), "an upstream saw \(request)")
            #expect(!request.contains("smuggled"), "an upstream saw \(request)")
        }
    }
}
