import EventLoop
import TestSupport
import Testing

@testable import DemoServices

/// Demo services on free ports for one test.
private final class RunningDemo {
    let services: DemoServices

    init() throws {
        services = try DemoServices.start(ports: DemoServices.Ports(users: 0, posts: 0, recommendations: 0, flaky: 0))
    }

    deinit { services.stop() }

    func connect(_ port: KeyPath<DemoServices.Ports, UInt16>) throws -> RawConnection {
        try RawConnection(try #require(SocketAddress("127.0.0.1:\(services.ports[keyPath: port])")))
    }
}

@Suite("The demo's services, over sockets")
struct SocketTests {
    private func get(_ connection: RawConnection, _ target: String) throws -> RawConnection.Response {
        try connection.send("GET \(target) HTTP/1.1\r\nHost: demo\r\n\r\n")
        return try connection.readResponse()
    }

    @Test func `each service answers on a port of its own`() throws {
        let demo = try RunningDemo()
        let ports = demo.services.ports
        #expect(Set([ports.users, ports.posts, ports.recommendations, ports.flaky]).count == 4)
        let targets: [(KeyPath<DemoServices.Ports, UInt16>, String, String)] = [
            (\.users, "/users/1", "profile"), (\.posts, "/posts/p-7", "authorId"),
            (\.recommendations, "/search?q=Grace+H%6Fpper", "hits"), (\.flaky, "/mode", "fail"),
        ]
        for (port, target, member) in targets {
            let connection = try demo.connect(port)
            #expect(try get(connection, "/healthz").text == #"{"status":"ok"}"#)
            let response = try get(connection, target)
            #expect(response.status == 200 && response.field("Content-Type") == "application/json")
            #expect(JSONParser.parse(response.body)?[member] != nil, "\(response.text)")
        }
    }

    @Test func `users come alone, several at once, and as a table`() throws {
        let demo = try RunningDemo()
        let connection = try demo.connect(\.users)
        #expect(JSONParser.parse(try get(connection, "/users/2").body)?["id"] == 2)
        #expect(JSONParser.parse(try get(connection, "/users?ids=3,1").body)?.items?.count == 2)
        #expect(try get(connection, "/users/99").status == 404)
        let table = try get(connection, "/export.csv")
        #expect(table.field("Content-Type") == "text/csv; charset=utf-8")
        #expect(table.text.hasPrefix("id,name,role,joined\r\n1,Ada Lovelace,"))
        try connection.send("HEAD /users/1 HTTP/1.1\r\nHost: demo\r\n\r\n")
        #expect(try connection.readResponse(hasBody: false).status == 200)
        try connection.send("DELETE /users/1 HTTP/1.1\r\nHost: demo\r\n\r\n")
        let refused = try connection.readResponse()
        #expect(refused.status == 405 && refused.field("Allow") == "GET, HEAD")
    }

    @Test func `a post is created and found`() throws {
        let demo = try RunningDemo()
        let connection = try demo.connect(\.posts)
        let body = #"{"authorId":"6","title":"Hello"}"#
        try connection.send("POST /posts HTTP/1.1\r\nHost: demo\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let created = try connection.readResponse()
        #expect(created.status == 201)
        let id = try #require(JSONParser.parse(created.body)?["id"]?.text)
        #expect(try get(connection, "/posts/\(id)").body == created.body)
        #expect(JSONParser.parse(try get(connection, "/users/6/posts?limit=1").body)?["total"] == 1)
    }

    @Test func `the flaky service fails as told, and cuts the connection in mid-answer`() throws {
        let demo = try RunningDemo()
        var connection = try demo.connect(\.flaky)
        try connection.send("POST /mode?fail=100 HTTP/1.1\r\nHost: demo\r\nContent-Length: 0\r\n\r\n")
        #expect(try connection.readResponse().status == 200)
        #expect(try get(connection, "/reputation/1").status == 503)
        try connection.send("POST /mode?how=reset HTTP/1.1\r\nHost: demo\r\nContent-Length: 0\r\n\r\n")
        #expect(try connection.readResponse().status == 200)
        #expect(throws: RawConnection.Failure.self) { try get(connection, "/reputation/1") }
        connection = try demo.connect(\.flaky)
        try connection.send("POST /mode?fail=0 HTTP/1.1\r\nHost: demo\r\nContent-Length: 0\r\n\r\n")
        #expect(try connection.readResponse().status == 200)
        #expect(JSONParser.parse(try get(connection, "/reputation/1").body)?["reviews"] == 17)
    }

    @Test func `a slow answer's client may leave`() throws {
        let demo = try RunningDemo()
        let connection = try demo.connect(\.flaky)
        try connection.send("POST /mode?fail=100&how=slow HTTP/1.1\r\nHost: demo\r\nContent-Length: 0\r\n\r\n")
        #expect(try connection.readResponse().status == 200)
        try connection.send("GET /reputation/1 HTTP/1.1\r\nHost: demo\r\n\r\n")
        connection.close()
        #expect(try get(try demo.connect(\.flaky), "/mode").status == 200)
    }

    @Test func `a port that is taken is an error, and nothing is left behind`() throws {
        let demo = try RunningDemo()
        let taken = demo.services.ports.recommendations
        #expect(throws: SystemError.self) {
            _ = try DemoServices.start(
                ports: DemoServices.Ports(users: 0, posts: 0, recommendations: taken, flaky: 0))
        }
        #expect(try get(try demo.connect(\.users), "/healthz").status == 200)
    }
}
