internal import Bytes
internal import GraphQL
internal import HTTP
internal import Planning

/// The parameters of a request at a REST door: what its path pattern took, and the pairs of its query string.
enum DoorParameters {
    /// Values by name. One that appears several times in the query is a list; a path parameter wins over the query.
    typealias Values = [String: InputValue]

    /// How many pairs of a query string are read.
    private static let maximumPairs = 1000

    /// Reads them; nil where a percent-encoding is broken.
    static func read(_ head: RequestHead, _ names: [String], _ captures: [Range<Int>]) -> Values? {
        var values: Values = [:]
        let query = head.query
        var start = 0
        var pairs = 0
        while start < query.byteCount, pairs < maximumPairs {
            var end = start
            while end < query.byteCount, query.byte(at: end) != UInt8(ascii: "&") { end += 1 }
            if end > start {
                guard add(query.extracting(start..<end), to: &values) else { return nil }
            }
            pairs += 1
            start = end + 1
        }
        let path = head.path
        for (name, range) in zip(names, captures) {
            guard let value = PercentCoding.decode(path.extracting(range)) else { return nil }
            values[name] = .string(value)
        }
        return values
    }

    private static func add(_ pair: RawSpan, to values: inout Values) -> Bool {
        var separator = 0
        while separator < pair.byteCount, pair.byte(at: separator) != UInt8(ascii: "=") { separator += 1 }
        guard let name = PercentCoding.decode(pair.extracting(0..<separator), plusIsSpace: true),
            let value = PercentCoding.decode(
                pair.extracting(min(separator + 1, pair.byteCount)..<pair.byteCount), plusIsSpace: true)
        else { return false }
        // Taken out first, so that a list grows in place.
        switch values.removeValue(forKey: name) {
        case nil: values[name] = .string(value)
        case .list(var items):
            items.append(.string(value))
            values[name] = .list(items)
        case let first?: values[name] = .list([first, .string(value)])
        }
        return true
    }
}

extension Binding {
    /// Whether it is the name of the device profile.
    var isProfile: Bool { if case .profile = self { true } else { false } }
}
