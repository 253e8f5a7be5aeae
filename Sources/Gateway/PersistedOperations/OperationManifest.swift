internal import Bytes
internal import JSON

/// The entries of a manifest of trusted operations, read from its JSON: Apollo's format, or an object from id to
/// document. Whether the documents are valid is not looked at.
struct OperationManifest {
    /// One operation.
    struct Entry {
        let id: String
        /// What messages call it: its name, or else its id.
        let title: String
        /// The document, escapes resolved.
        let text: [UInt8]
        /// The document as it stands in the file.
        fileprivate let body: Slot
    }

    /// Something wrong with the file, at a byte of it.
    struct Finding {
        let message: String
        let offset: Int
        var suggestion: String?
    }

    private(set) var entries: [Entry] = []
    private(set) var findings: [Finding] = []
    private let text = ByteBuffer()
    /// Bytes before the JSON: a byte order mark.
    private let start: Int
    private var ids: Set<String> = []

    private static let format = "apollo-persisted-query-manifest"

    init(_ bytes: [UInt8]) {
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        text.append(bytes.span.extracting(start..<bytes.count))
        do throws(JSONError) {
            var cursor = try JSONCursor(text)
            guard cursor.nextKind == .object else {
                report("A manifest is a JSON object: from id to document, or in Apollo's format.", at: 0)
                return
            }
            let members = try members(of: &cursor)
            if let operations = members.last(where: { $0.name == "operations" })?.value, operations.kind == .list {
                try readApollo(members, operations)
            } else {
                for member in members { add(member.name, named: nil, member.value, idAt: member.value) }
            }
        } catch {
            report("The manifest is not JSON: \(error).", at: error.offset)
        }
    }

    /// Where in the file the byte at `offset` of an entry's text stands.
    func offset(of offset: Int, in entry: Entry) -> Int {
        start + entry.body.offset(ofTextAt: offset, in: text)
    }

    private mutating func report(_ message: String, at offset: Int, suggestion: String? = nil) {
        findings.append(Finding(message: message, offset: start + offset, suggestion: suggestion))
    }

    private func members(of cursor: inout JSONCursor) throws(JSONError) -> [(name: String, value: Slot)] {
        var members: [(name: String, value: Slot)] = []
        try cursor.enterObject()
        while let name = try cursor.nextMember() {
            members.append((name.string(in: text) ?? "", try cursor.value()))
        }
        return members
    }

    // MARK: Apollo's format

    private mutating func readApollo(
        _ members: [(name: String, value: Slot)], _ operations: Slot
    ) throws(JSONError) {
        let format = members.last { $0.name == "format" }?.value
        if format?.isString(Self.format, in: text) != true {
            report(
                "The \"format\" of a manifest with \"operations\" must be \"\(Self.format)\".",
                at: format?.rawRange.lowerBound ?? 0, suggestion: Self.format)
        }
        let version = members.last { $0.name == "version" }?.value
        if version?.kind != .number || version?.bytes(in: text).equals("1") != true {
            report("Of this format the gateway knows version 1 only.", at: version?.rawRange.lowerBound ?? 0)
        }
        var cursor = JSONCursor(text, at: operations)
        try cursor.enterList()
        while try cursor.nextElement() {
            let place = cursor.offset
            guard cursor.nextKind == .object else {
                report("An operation must be an object with \"id\" and \"body\".", at: place)
                _ = try cursor.value()
                continue
            }
            let operation = try self.members(of: &cursor)
            guard let id = operation.last(where: { $0.name == "id" })?.value, let name = id.string(in: text) else {
                report("The operation needs a string \"id\".", at: place)
                continue
            }
            guard let body = operation.last(where: { $0.name == "body" })?.value else {
                report("The operation needs a string \"body\": its document.", at: place)
                continue
            }
            let title = operation.last { $0.name == "name" }?.value.string(in: text)
            add(name, named: title, body, idAt: id)
        }
    }

    private mutating func add(_ id: String, named name: String?, _ body: Slot, idAt place: Slot) {
        guard body.kind == .string else {
            return report(
                "The document of \"\(Self.clipped(id))\" must be a string.", at: body.rawRange.lowerBound)
        }
        guard !id.isEmpty else { return report("An id must not be empty.", at: place.rawRange.lowerBound) }
        guard ids.insert(id).inserted else {
            return report(
                "The id \"\(Self.clipped(id))\" is given to two operations.", at: place.rawRange.lowerBound)
        }
        let document = ByteBuffer(capacity: max(Int(body.length), 16))
        body.appendString(in: text, to: document)
        let bytes = unsafe document.withUnsafeBytes { unsafe Array($0) }
        entries.append(Entry(id: id, title: Self.clipped(name ?? id), text: bytes, body: body))
    }

    private static func clipped(_ text: String) -> String {
        text.unicodeScalars.count > 40 ? String(text.prefix(40)) + "…" : text
    }
}

extension Slot {
    /// Where in the body stands what gives the byte at `offset` of the text that this string stands for.
    fileprivate func offset(ofTextAt offset: Int, in body: ByteBuffer) -> Int {
        let bytes = bytes(in: body)
        var index = 0
        var length = 0
        while length < offset, index < bytes.byteCount {
            let step = Self.escape(bytes, at: index)
            index += step.bytes
            length += step.text
        }
        return range.lowerBound + index
    }

    /// How many bytes what stands at `index` takes, and how many the text that it stands for (RFC 8259 §7).
    private static func escape(_ bytes: RawSpan, at index: Int) -> (bytes: Int, text: Int) {
        guard bytes.byte(at: index) == UInt8(ascii: "\\") else { return (1, 1) }
        guard bytes.byte(at: index + 1) == UInt8(ascii: "u") else { return (2, 1) }
        let unit = Int(bytes.extracting(index + 2..<index + 6).string, radix: 16) ?? 0
        if unit & 0xFC00 == 0xD800, index + 12 <= bytes.byteCount,
            let low = Int(bytes.extracting(index + 8..<index + 12).string, radix: 16), low & 0xFC00 == 0xDC00
        {
            return (12, 4)
        }
        return (6, unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3)
    }
}
