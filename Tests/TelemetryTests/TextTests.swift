import Bytes
import Telemetry
import Testing

@Suite("Text of lines")
struct TextTests {
    @Test func `numbers are written in decimal digits`() {
        var numbers: [UInt] = [0, .max, UInt(Int.max)]
        for power in sequence(first: UInt(1), next: { $0.multipliedReportingOverflow(by: 10).overflow ? nil : $0 * 10 })
        {
            numbers += [power - 1, power, power + 1, power / 3 * 2, power &* 7]
        }
        var generator = IdentifierGenerator()
        numbers += (0..<2000).map { UInt(generator.next() >> UInt64($0 % 64)) }
        for number in numbers + Array(0...1100) {
            let buffer = ByteBuffer(capacity: 16)
            buffer.append(decimal: number)
            #expect(buffer.string == "\(number)")
            for width in [2, 3, 4, 7, 23] {
                buffer.clear()
                buffer.append(decimal: number, width: width)
                let zeros = String(repeating: "0", count: max(width - "\(number)".utf8.count, 0))
                #expect(buffer.string == "\(zeros)\(number)")
            }
        }
        let least = ByteBuffer()
        least.append(decimal: Int.min)
        #expect(least.string == "\(Int.min)")
    }

    @Test func `identities are written in hexadecimal digits`() {
        var generator = IdentifierGenerator()
        for _ in 0..<1000 {
            let (high, low, span) = (generator.next(), generator.next() | 1, generator.spanID())
            let text = ByteBuffer()
            TraceContext(traceHigh: high, traceLow: low, span: span, flags: 1).appendB3(to: text)
            func digits(_ number: UInt64) -> String {
                let digits = String(number, radix: 16)
                return String(repeating: "0", count: 16 - digits.utf8.count) + digits
            }
            #expect(text.string == "\(digits(high))\(digits(low))-\(digits(span))-1")
        }
    }

    /// What a JSON string holds, byte by byte.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case ..<" ", "\u{7F}":
                "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
    }

    @Test(arguments: [1, 8, 9, 17])
    func `each byte is escaped where it must be, wherever it stands`(count: Int) {
        for byte in UInt8.min...UInt8.max {
            for position in 0..<count {
                var bytes = [UInt8](repeating: UInt8(ascii: "~"), count: count)
                bytes[position] = byte
                let record = AccessRecord()
                record.path.append(bytes)
                record.operation = String(decoding: bytes, as: UTF8.self)
                let line = ByteBuffer()
                record.append(to: line, TimeText())
                let text = line.string
                let expected = Self.escaped(String(decoding: bytes, as: UTF8.self))
                if !text.contains("\"path\":\"\(expected)\",") || !text.contains("\"operation\":\"\(expected)\",") {
                    Issue.record("byte \(byte) at \(position) of \(count): \(text)")
                    return
                }
            }
        }
    }
}
