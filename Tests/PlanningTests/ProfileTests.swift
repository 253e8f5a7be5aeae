import TestSupport
import Testing

@testable import Planning

@Suite("Device profiles")
struct ProfileTests {
    private func select(header: String? = nil, userAgent: String? = nil) -> String {
        let name = header.map { Array($0.utf8) } ?? []
        let agent = userAgent.map { Array($0.utf8) } ?? []
        let headerSpan = unsafe name.span.bytes
        let agentSpan = unsafe agent.span.bytes
        return Fixture.deviceProfiles.select(
            headerValue: header == nil ? nil : headerSpan, userAgent: userAgent == nil ? nil : agentSpan
        ).name
    }

    @Test(
        arguments: [
            (nil, nil, "web"),
            (nil, "Mozilla/5.0 (iPhone; CPU)", "phone"),
            (nil, "Mozilla/5.0 (iphone; CPU)", "web"),
            (nil, "Linux; Android 14; Pixel) Mobile Safari", "phone"),
            (nil, "Mobile Linux; Android 14", "web"),
            (nil, "Web0S", "tv"),
            ("tv", "iPhone", "tv"),
            ("TV", "iPhone", "phone"),
            ("nope", nil, "web"),
            ("", nil, "web"),
        ] as [(String?, String?, String)])
    func `the header's name wins, then the first pattern that matches`(
        _ header: String?, _ userAgent: String?, _ profile: String
    ) {
        #expect(select(header: header, userAgent: userAgent) == profile)
    }

    @Test(arguments: [
        ("abc", "abc", true), ("abc", "abcd", false), ("a*", "abc", true), ("*c", "abc", true), ("*b*", "abc", true),
        ("a*c", "ac", true), ("ab*bc", "abc", false), ("a*b*c", "aXbYc", true), ("a*b*c", "aXcYb", false),
        ("*", "", true), ("**", "x", true), ("", "", true), ("", "a", false), ("*aab*", "aaab", true),
        ("*ab*ab", "abab", true), ("*ab*ab", "ab", false), ("ä*", "äöü", true),
    ]) func `a star stands for anything`(_ pattern: String, _ text: String, _ matches: Bool) {
        let bytes = Array(text.utf8)
        #expect(unsafe Glob(pattern).matches(bytes.span.bytes) == matches)
    }

    @Test func `globs agree with a plain definition on random texts`() {
        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        var generator = Seeded(seed)
        for _ in 0..<3_000 {
            let pattern = String(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in "ab*".randomElement(using: &generator) ?? "a"
                })
            let text = String(
                (0..<Int.random(in: 0...8, using: &generator)).map { _ in "ab".randomElement(using: &generator) ?? "a" }
            )
            let bytes = Array(text.utf8)
            let expected = Self.matches(Array(pattern.utf8)[...], bytes[...])
            #expect(unsafe Glob(pattern).matches(bytes.span.bytes) == expected, "\(pattern) \(text) seed \(seed)")
        }
    }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
        }
        return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
    }

    @Test func `without profiles there is one, and nothing varies`() {
        let none = ProfileSet([], header: "x-device")
        #expect(none.defaultProfile.name == "default")
        #expect(none.varyFields.isEmpty)
        #expect(Fixture.deviceProfiles.varyFields == ["x-device-profile", "user-agent"])
    }
}
