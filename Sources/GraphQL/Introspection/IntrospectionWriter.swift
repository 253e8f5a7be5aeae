/// Writes introspection objects as JSON.
struct IntrospectionWriter {
    private(set) var output: [UInt8] = []
    /// Whether more was to be written than may be; what has been written is then of no use.
    var isOverflowing: Bool { output.count > maximumBytes }

    private let resolver: IntrospectionResolver
    private let maximumBytes: Int

    init(schema: Schema, maximumBytes: Int) {
        resolver = IntrospectionResolver(schema: schema)
        self.maximumBytes = maximumBytes
    }

    mutating func writeNull() { output += "null".utf8 }

    /// An object. Recursion is as deep as the selection.
    mutating func write(_ object: IntrospectionObject, _ selection: IntrospectionSelection?) {
        output.append(UInt8(ascii: "{"))
        for (index, field) in (selection?.fields ?? []).enumerated() {
            if isOverflowing { return }
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output += field.keyJSON
            write(resolver.value(of: field, on: object), field.selection)
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: IntrospectionValue, _ selection: IntrospectionSelection?) {
        switch value {
        case .null: writeNull()
        case .text(let text): write(text)
        case .flag(let flag): output += (flag ? "true" : "false").utf8
        case .texts(let texts): writeList(texts) { $0.write($1) }
        case .object(let object): write(object, selection)
        case .objects(let objects): writeList(objects) { $0.write($1, selection) }
        }
    }

    private mutating func writeList<Item>(_ items: [Item], _ write: (inout IntrospectionWriter, Item) -> Void) {
        output.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if isOverflowing { return }
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(&self, item)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// A JSON string (RFC 8259 §7).
    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\r"): output += "\\r".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                output += "\\u".utf8
                output += String(repeating: "0", count: 4 - digits.utf8.count).utf8
                output += digits.utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
