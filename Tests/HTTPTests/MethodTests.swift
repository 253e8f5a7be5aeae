import HTTP
import Testing

@Suite("RFC 9110 §9 Methods")
struct MethodTests {
    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PURGE"])
    func `a method is written as it was read`(_ name: String) {
        #expect(Method(name).description == name)
    }

    @Test func `§9.2.2: which methods may be sent twice`() {
        let idempotent = [Method.get, .head, .put, .delete, .options, .trace].filter(\.isIdempotent)
        #expect(idempotent.count == 6)
        let others = [Method.post, .patch, .connect, .other("PURGE")].filter(\.isIdempotent)
        #expect(others.isEmpty)
    }
}
