internal import Bytes

/// The gateway's own log: lines with a level, as JSON or as text. Any thread.
public struct ServerLog: Sendable {
    /// How a line looks.
    public enum Format: String, Sendable {
        /// One JSON object: `ts`, `level`, `msg`, then the line's own members.
        case json
        /// Time, level, message, then `name=value` pairs.
        case text
    }

    /// Where lines go.
    public let writer: LogWriter
    /// How they look.
    public let format: Format
    /// Lines below it are left out.
    public let level: LogLevel

    /// A log over `writer`.
    public init(_ writer: LogWriter, format: Format = .json, level: LogLevel = .info) {
        self.writer = writer
        self.format = format
        self.level = level
    }

    /// Writes one line, if `level` is not below the log's own.
    public func write(
        _ level: LogLevel, _ message: String, _ members: KeyValuePairs<String, String> = [:], at time: WallTime = .now
    ) {
        guard level >= self.level else { return }
        let line = ByteBuffer(capacity: 256)
        switch format {
        case .json:
            line.append("{\"ts\":\"")
            time.append(to: line)
            line.append("\",\"level\":\"\(level.name)\",\"msg\":")
            line.appendJSON(message)
            for (name, value) in members {
                line.append(UInt8(ascii: ","))
                line.appendJSON(name)
                line.append(UInt8(ascii: ":"))
                line.appendJSON(value)
            }
            line.append(UInt8(ascii: "}"))
        case .text:
            time.append(to: line)
            line.append(" \(level.name) ")
            line.append(ServerLog.onOneLine(message))
            for (name, value) in members {
                line.append(" \(name)=")
                if ServerLog.isPlain(value) { line.append(value) } else { line.appendJSON(value) }
            }
        }
        line.append(UInt8(ascii: "\n"))
        writer.write(line)
    }

    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }
    }

    /// `message` with its control characters replaced by spaces: what someone sends must not forge a line.
    private static func onOneLine(_ message: String) -> String {
        String(decoding: message.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
