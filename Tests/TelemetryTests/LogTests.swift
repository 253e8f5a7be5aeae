import Bytes
import Foundation
import Glibc
import Telemetry
import Testing

/// A pipe: the log writes at one end, the test reads at the other.
private final class Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    init(isNonBlocking: Bool = false) {
        var ends: [Int32] = [0, 0]
        _ = unsafe pipe(&ends)
        readEnd = ends[0]
        writeEnd = ends[1]
        if isNonBlocking { _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK) }
    }

    deinit { close(readEnd) }

    /// Everything up to the end of the pipe.
    func readAll() -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(readEnd, &chunk, chunk.count)
            if count <= 0 { return String(decoding: text, as: UTF8.self) }
            text += chunk[..<count]
        }
    }
}

extension LogWriter {
    fileprivate func write(_ line: String) {
        let buffer = ByteBuffer()
        buffer.append(line)
        write(buffer)
    }
}

@Suite("Log writer")
struct LogWriterTests {
    @Test func `lines come out whole and in order, and stop writes what is left`() {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.writeEnd)
        for number in 0..<500 { writer.write("line \(number)\n") }
        #expect(writer.stop())
        close(pipe.writeEnd)
        #expect(pipe.readAll() == (0..<500).map { "line \($0)\n" }.joined())
        #expect(writer.droppedLines == 0)
        writer.write("late\n")
        #expect(writer.droppedLines == 1)
    }

    @Test func `flush waits for what was written before`() {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.writeEnd, gathering: 60_000_000_000)
        for number in 0..<20 {
            writer.write("line \(number)\n")
            #expect(writer.flush())
            var bytes = [UInt8](repeating: 0, count: 100)
            let count = unsafe read(pipe.readEnd, &bytes, 100)
            #expect(String(decoding: bytes[..<max(count, 0)], as: UTF8.self) == "line \(number)\n")
        }
        #expect(writer.stop())
        close(pipe.writeEnd)
    }

    @Test func `a line wakes the thread from its sleep, and those after it are gathered`() {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.writeEnd, gathering: 60_000_000_000)
        var bytes = [UInt8](repeating: 0, count: 100)
        func isReadable(within milliseconds: Int32) -> Bool {
            var end = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&end, 1, milliseconds) != 0
        }
        for _ in 0..<3 {
            #expect(writer.flush())
            // It has nothing to do, and goes to sleep.
            #expect(!isReadable(within: 20))
            writer.write("first\n")
            #expect(unsafe read(pipe.readEnd, &bytes, 100) == 6)
            for _ in 0..<3 { writer.write("later\n") }
            #expect(!isReadable(within: 50))
            #expect(writer.flush())
            #expect(unsafe read(pipe.readEnd, &bytes, 100) == 18)
        }
        #expect(writer.stop())
        close(pipe.writeEnd)
    }

    @Test(arguments: [false, true])
    func `a reader that doesn't read costs lines, not time`(isNonBlocking: Bool) {
        let pipe = Pipe(isNonBlocking: isNonBlocking)
        let writer = LogWriter(descriptor: pipe.writeEnd, capacity: 100_000)
        let line = String(repeating: "x", count: 999) + "\n"
        for _ in 0..<1000 { writer.write(line) }
        #expect(writer.droppedLines > 0)
        #expect(!writer.flush(nanoseconds: 1_000_000))
        #expect(!writer.stop(nanoseconds: 1_000_000))
        // What was taken is still written once someone reads.
        let expected = (1000 - Int(writer.droppedLines)) * line.utf8.count
        var read = 0
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while read < expected {
            let count = unsafe Glibc.read(pipe.readEnd, &chunk, chunk.count)
            guard count > 0 else { break }
            read += count
        }
        #expect(read == expected)
        #expect(writer.stop())
        close(pipe.writeEnd)
    }

    @Test func `lines that the descriptor refuses are counted`() {
        let writer = LogWriter(descriptor: -1)
        for _ in 0..<3 { writer.write("line\n") }
        #expect(writer.stop())
        #expect(writer.droppedLines == 3)
    }

    @Test func `many threads may write`() async {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.writeEnd)
        async let text = Task.detached { @concurrent [pipe = Unchecked(pipe)] in pipe.value.readAll() }.value
        await withTaskGroup { group in
            for thread in 0..<4 {
                group.addTask { @concurrent in
                    for number in 0..<500 { writer.write("\(thread) \(number)\n") }
                }
            }
        }
        #expect(writer.stop())
        close(pipe.writeEnd)
        let lines = await text.split(separator: "\n")
        #expect(lines.count == 2000 && Set(lines).count == 2000)
    }
}

private struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

@Suite("Log lines")
struct LogLineTests {
    @Test func `server lines come as JSON or text, from their level on`() throws {
        let pipe = Pipe()
        let writer = LogWriter(descriptor: pipe.writeEnd)
        let time = WallTime(nanoseconds: 951_782_400_000_000_000)
        let json = ServerLog(writer, format: .json, level: .warn)
        json.write(.info, "not seen")
        json.write(.warn, "a \"b\"", ["file": "gateway.yaml"], at: time)
        ServerLog(writer, format: .text, level: .debug)
            .write(.debug, "two\nlines", ["plain": "x", "not": "x y", "none": ""], at: time)
        #expect(writer.stop())
        close(pipe.writeEnd)
        #expect(
            pipe.readAll()
                == #"{"ts":"2000-02-29T00:00:00.000Z","level":"warn","msg":"a \"b\"","file":"gateway.yaml"}"# + "\n"
                + #"2000-02-29T00:00:00.000Z debug two lines plain=x not="x y" none="""# + "\n")
    }

    @Test func `levels have names`() {
        #expect(LogLevel.allCases.map(\.name) == ["debug", "info", "warn", "error"])
        #expect(LogLevel(name: "warn") == .warn && LogLevel(name: "Warn") == nil)
    }
}

@Suite("RFC 3339 times")
struct WallTimeTests {
    @Test(arguments: [
        (UInt64(0), "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (1_709_251_199_000, "2024-02-29T23:59:59.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (13_569_465_600_000, "2400-01-01T00:00:00.000Z"),
    ])
    func `known dates`(milliseconds: UInt64, expected: String) {
        #expect(WallTime(nanoseconds: milliseconds * 1_000_000).text == expected)
    }

    @Test func `every day of five centuries is the C library's`() {
        for day in 0..<(500 * 365) {
            var seconds = time_t(day * 86_400)
            var civil = unsafe tm()
            unsafe gmtime_r(&seconds, &civil)
            let expected = unsafe String(
                format: "%04d-%02d-%02dT00:00:00.000Z", civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday)
            let text = WallTime(nanoseconds: UInt64(day) * 86_400_000_000_000).text
            if text != expected {
                Issue.record("day \(day): \(text), expected \(expected)")
                return
            }
        }
    }

    @Test func `now is now`() {
        let now = WallTime.now
        #expect(abs(Double(now.nanoseconds) / 1e9 - Date().timeIntervalSince1970) < 5)
        #expect(now <= WallTime.now)
    }
}
