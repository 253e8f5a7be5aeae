import Bytes
import Testing

@testable import HTTP

@Suite("RFC 9111: what an answer's fields say to a cache")
struct CacheControlTests {
    private func fields(_ lines: [(String, String)]) -> FieldList {
        let fields = FieldList()
        for (name, value) in lines { fields.append(name: name, value: value) }
        return fields
    }

    private func control(_ values: String...) -> CacheControl {
        CacheControl(fields(values.map { ("Cache-Control", $0) }))
    }

    @Test func `directives are read in any case, from all lines`() {
        var expected = CacheControl()
        expected.isNoStore = true
        expected.isNoCache = true
        expected.isPrivate = true
        expected.mustRevalidate = true
        expected.maxAge = 60
        expected.staleIfError = 5
        expected.staleWhileRevalidate = 7
        #expect(
            control(
                "No-Store, PRIVATE=\"a, no-b\"", "no-cache=\"set-cookie\", max-age=60,, must-revalidate",
                "stale-if-error=5, stale-while-revalidate=7, public, unknown=1, x") == expected)
    }

    @Test(arguments: [
        ("max-age=0", 0), ("max-age=\"60\"", 60), ("max-age=99999999999999999999", CacheControl.longest),
        ("max-age", 0), ("max-age=", 0), ("max-age=-1", 0), ("max-age=1.5", 0), ("max-age=6 0", 0),
        ("max-age=10, max-age=20", 10), ("max-age=\"", 0), ("max-age=\"\"", 0),
    ])
    func `a time is read, or none that is worth anything`(_ row: (text: String, seconds: Int)) {
        #expect(control(row.text).maxAge == row.seconds)
    }

    @Test func `names that only begin alike are others`() {
        #expect(control("max-ages=1, no-stores, s-maxage2=3, privat, no-cach") == CacheControl())
        #expect(control("s-maxage=3").mustRevalidate && control("s-maxage=3").sharedMaxAge == 3)
        #expect(control("proxy-revalidate").mustRevalidate)
    }

    static let noon = 784_111_777
    static let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")

    @Test(
        arguments: [
            ([], nil), ([("Cache-Control", "max-age=10")], 10),
            ([("Cache-Control", "max-age=10, s-maxage=20")], 20),
            ([date, ("Expires", "Sun, 06 Nov 1994 08:50:37 GMT")], 60),
            ([date, ("Expires", "Sun, 06 Nov 1994 08:48:37 GMT")], 0),
            ([date, ("Expires", "0")], 0),
            ([date, ("Expires", "Sun, 06 Nov 1994 08:50:37 GMT"), ("Cache-Control", "max-age=5")], 5),
            ([("Expires", "Sun, 06 Nov 1994 08:49:47 GMT")], 10),
        ] as [([(String, String)], Int?)])
    func `the lifetime comes from s-maxage, else max-age, else Expires`(_ row: ([(String, String)], Int?)) {
        #expect(ResponseFreshness(fields(row.0), receivedAt: Self.noon, delay: 0).lifetime == row.1)
    }

    @Test(
        arguments: [
            ([], 0, 0), ([date], 0, 0), ([date], 30, 30), ([date], -30, 0), ([("Age", "12")], 0, 12),
            ([("Age", "12"), date], 30, 30), ([("Age", "12"), date], 5, 12), ([("Age", "none")], 0, 0),
            ([("Age", "-3")], 0, 0), ([("Age", "99999999999999999999999")], 0, CacheControl.longest),
        ] as [([(String, String)], Int, Int)])
    func `the age on arrival is the larger of what Date and Age say`(_ row: ([(String, String)], Int, Int)) {
        #expect(ResponseFreshness(fields(row.0), receivedAt: Self.noon + row.1, delay: 0).initialAge == row.2)
    }

    @Test func `the time that the answer took counts as age`() {
        #expect(ResponseFreshness(fields([("Age", "5")]), receivedAt: 0, delay: 3).initialAge == 8)
        #expect(ResponseFreshness(fields([("Age", "5")]), receivedAt: 0, delay: -3).initialAge == 5)
    }

    @Test(
        arguments: [
            ([], true), ([("Cache-Control", "max-age=1")], true), ([("Set-Cookie", "a=b")], false),
            ([("Cache-Control", "no-store")], false), ([("Cache-Control", "max-age=9, private")], false),
            ([("Cache-Control", "no-cache")], true), ([("Vary", "*")], false), ([("Vary", "accept, *")], false),
            ([("Vary", "accept-language, origin")], true), ([("Vary", "X-Request-ID")], false),
        ] as [([(String, String)], Bool)])
    func `some answers are for nobody else`(_ row: ([(String, String)], Bool)) {
        let isStored = ResponseFreshness.mayBeStored(fields(row.0)) { $0.equalsIgnoringCase("x-request-id") }
        #expect(isStored == row.1)
    }
}
