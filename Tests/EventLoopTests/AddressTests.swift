import Bytes
import EventLoop
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(arguments: [
        "127.0.0.1:8080", "0.0.0.0:0", "255.255.255.255:65535", "[::]:80", "[::1]:1", "[2001:db8::1]:443",
        "[2001:db8:0:1:1:1:1:1]:9", "[1::]:9", "[1:0:0:2::3]:9", "[fe80::1:0:0:1]:9", "unix:/run/a.sock",
        "[abcd:ef01:2345:6789:abcd:ef01:2345:6789]:9",
    ])
    func `an address reads back as it was written`(_ text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "1.2.3:80",
        "256.0.0.1:80", "::1:80", "[::1]", "[::1", "[127.0.0.1]:80", "example.org:80", "unix:", "127.0.0.1:8 ",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `localhost is the IPv4 loopback`() {
        #expect(SocketAddress("localhost:80")?.description == "127.0.0.1:80")
    }

    @Test func `an IPv4 address mapped into IPv6 is an IPv4 address`() {
        #expect(IPAddress("::ffff:192.0.2.1") == IPAddress("192.0.2.1"))
    }

    @Test func `random IPv6 addresses read back (RFC 5952)`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            // Few set bits, so that runs of zeros of every length and place come up.
            let high = generator.next() & generator.next() & generator.next() & generator.next()
            let low = generator.next() & generator.next() & generator.next() & generator.next()
            let address = IPAddress(high: high, low: low)
            #expect(IPAddress(address.description) == address, "\(address)")
        }
    }

    @Test(arguments: [
        ("8.8.8.8", true), ("172.15.255.255", true), ("172.32.0.0", true), ("100.63.255.255", true), ("1.1.1.1", true),
        ("0.0.0.0", false), ("10.1.2.3", false), ("100.64.0.1", false), ("127.0.0.1", false),
        ("169.254.169.254", false),
        ("172.16.0.1", false), ("172.31.255.255", false), ("192.168.0.1", false), ("198.18.0.1", false),
        ("224.0.0.1", false), ("255.255.255.255", false), ("::ffff:10.0.0.1", false), ("::ffff:8.8.8.8", true),
        ("2606:4700::1111", true), ("::", false), ("::1", false), ("fe80::1", false), ("fc00::1", false),
        ("fd12::1", false), ("ff02::1", false), ("2001:db8::1", false), ("64:ff9b::8.8.8.8", true),
        ("64:ff9b::127.0.0.1", false), ("2002:7f00:1::", false), ("2002:808:808::", true),
    ])
    func `addresses of the internet are told from those inside`(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }
}
