internal import Glibc

extension Field {
    /// `host:port`, an IPv6 address in brackets.
    func listenAddress() -> ListenAddress? {
        guard case .text(let text) = kind, let authority = Authority(text), let port = authority.port else {
            var suggestion: String?
            if case .integer(let port) = kind, (0...65_535).contains(port) { suggestion = "127.0.0.1:\(port)" }
            if case .text(let text) = kind, text.hasPrefix(":"), Int(text.dropFirst()) != nil {
                suggestion = "0.0.0.0" + text
            }
            mismatch(
                "an address and a port from 0 to 65535 such as 127.0.0.1:8080 or [::1]:8080", suggestion: suggestion)
            return nil
        }
        return ListenAddress(host: authority.host, port: port)
    }

    /// A CIDR block or a single address.
    func addressBlock() -> AddressBlock? {
        let expected = "a block of addresses such as 10.0.0.0/8 or fd00::/8"
        guard case .text(let text) = kind else {
            mismatch(expected)
            return nil
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress.bytes(String(parts[0])) else {
            mismatch(expected)
            return nil
        }
        guard parts.count == 2 else { return AddressBlock(address: address, prefixLength: address.count * 8) }
        let digits = parts[1]
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy(Characters.isDigit), let length = Int(digits),
            length <= address.count * 8
        else {
            mismatch("\(expected), with a prefix from 0 to \(address.count * 8)")
            return nil
        }
        return AddressBlock(address: address, prefixLength: length)
    }
}

/// IP literals, read by the system.
enum IPAddress {
    /// 4 or 16 bytes in network order; nil where the text is no IP literal.
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        let isSix = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isSix ? 16 : 4)
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe inet_pton(isSix ? AF_INET6 : AF_INET, text, buffer.baseAddress)
        }
        return result == 1 ? bytes : nil
    }
}

/// A host and perhaps a port (RFC 3986 section 3.2), without user information.
struct Authority {
    /// In lower case, an IPv6 address without its brackets.
    var host: String
    var port: UInt16?

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        var rest: ArraySlice<UInt8>
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let literal = String(decoding: bytes[1..<end], as: UTF8.self)
            guard literal.contains(":"), IPAddress.bytes(literal) != nil else { return nil }
            host = literal.lowercased()
            rest = bytes[(end + 1)...]
        } else {
            let name = bytes.prefix { $0 != UInt8(ascii: ":") }
            guard (1...253).contains(name.count), name.allSatisfy(Characters.isHostByte) else { return nil }
            host = String(decoding: name, as: UTF8.self).lowercased()
            guard Self.isPlausible(host) else { return nil }
            rest = bytes[name.count...]
        }
        guard !rest.isEmpty else { return }
        guard rest.removeFirst() == UInt8(ascii: ":"), (1...5).contains(rest.count),
            rest.allSatisfy(Characters.isDigit),
            let number = UInt16(String(decoding: rest, as: UTF8.self))
        else { return nil }
        port = number
    }

    /// A name whose last label is digits must be an IPv4 address: no system would resolve it otherwise.
    private static func isPlausible(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, !last.isEmpty, last.utf8.allSatisfy(Characters.isDigit) else {
            return labels.first?.isEmpty == false
        }
        return IPAddress.bytes(host) != nil
    }
}

/// Sets of bytes that grammars name.
enum Characters {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }

    /// A byte of a GraphQL name or a template variable, but a digit not at its start.
    static func isNameByte(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }

    /// Letters, digits and underscores, no digit first.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    static func isHostByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// RFC 9110 section 5.6.2.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// RFC 3986 section 3.3, with `%` for percent-encoded bytes.
    static func isPathByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "-._~!$&'()*+,;=:@%/".utf8.contains(byte)
    }
}
