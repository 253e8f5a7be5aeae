import Bytes
import Foundation
import HTTP
import Testing

@Suite("HTTP dates (RFC 9110 §5.6.7)")
struct DateTests {
    private func parse(_ text: String) -> Int? {
        let buffer = ByteBuffer()
        buffer.append(text)
        return HTTPDate.parse(buffer.bytes)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `the three forms name one moment`(text: String) {
        #expect(parse(text) == 784_111_777)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2028 12:00:00 GMT", 1_835_438_400),
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_799), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Thursday, 31-Dec-70 00:00:00 GMT", 31_449_600),
        ("Tuesday, 31-Dec-69 00:00:00 GMT", 3_155_673_600),
    ])
    func `other moments`(text: String, seconds: Int) {
        #expect(parse(text) == seconds)
    }

    @Test(arguments: [
        "", "0", "Sun", "Sun,", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Tue, 29 Feb 2027 12:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMTx", "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun Nov 6 08:49:37 1994", "Sunday Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z",
    ])
    func `anything else is none`(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func `what is written can be read`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let seconds = Int.random(in: 0...253_402_300_799, using: &random)
            let buffer = ByteBuffer()
            HTTPDate.append(seconds, to: buffer)
            #expect(HTTPDate.parse(buffer.bytes) == seconds)
        }
    }
}
