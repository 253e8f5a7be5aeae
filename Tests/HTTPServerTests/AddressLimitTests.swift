import EventLoop
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite("Connections of one address")
struct AddressLimitTests {
    @Test func `one too many is refused until another has closed`() throws {
        let settings = ServerSettings()
        settings.addresses.set(2) { _ in false }
        let server = try TestServer(settings: settings) { exchange, _ in exchange.answer("well") }
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        let first = try server.connect()
        let second = try server.connect()
        for connection in [first, second] {
            try connection.send(request)
            #expect(try connection.readResponse().status == 200)
        }
        let third = try server.connect()
        #expect(try third.readResponse().status == 503)
        try third.waitForClose()
        first.close()
        // The server hears of the close in its own time.
        let end = Clock.now + 30
        var status = 0
        while status != 200, Clock.now < end {
            let next = try server.connect()
            try? next.send(request)
            status = (try? next.readResponse().status) ?? 0
        }
        #expect(status == 200)
    }

    @Test func `proxies are exempt, and without a limit nobody is counted`() throws {
        for maximum in [0, 1] {
            let settings = ServerSettings()
            settings.addresses.set(maximum) { $0 == IPAddress("127.0.0.1") }
            let server = try TestServer(settings: settings) { exchange, _ in exchange.answer("well") }
            let connections = try (0..<5).map { _ in try server.connect() }
            for connection in connections {
                try connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try connection.readResponse().status == 200)
            }
        }
    }
}
