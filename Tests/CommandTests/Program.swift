import Foundation
import TestSupport

/// The built command, which SwiftPM puts beside the tests.
enum Program {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    static let url: URL = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = [tests, URL(filePath: CommandLine.arguments[0])].map {
            $0.deletingLastPathComponent().appending(path: "sluice")
        }
        return beside.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? Checkout.root.appending(path: ".build/debug/sluice")
    }()

    static func process(_ arguments: [String], in folder: URL) -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = SanitizerOptions.environment.merging(["PATH": "/usr/bin:/bin"]) { _, own in own }
        return process
    }

    /// Runs the command to its end.
    static func run(_ arguments: String..., in folder: URL = Checkout.root) throws -> Outcome {
        try run(arguments, in: folder)
    }

    /// Runs the command to its end.
    static func run(_ arguments: [String], in folder: URL = Checkout.root) throws -> Outcome {
        let process = process(arguments, in: folder)
        let output = Pipe()
        // A file, so that neither stream can fill up while the other is read.
        let scratch = try Workspace(["errors": ""])
        let errors = scratch.folder.appending(path: "errors")
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: text,
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
}

/// The command while it runs: its output is read line by line.
final class RunningProgram {
    private let process: Process
    private let output = Pipe()
    private var unread = ""

    init(_ arguments: String..., in folder: URL = Checkout.root, environment: [String: String] = [:]) throws {
        process = Program.process(arguments, in: folder)
        process.environment?.merge(environment) { _, own in own }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Reads on to the first line that holds `text`; nil where the output ends before.
    func line(with text: String) -> String? {
        while true {
            while let end = unread.firstIndex(where: \.isNewline) {
                let line = String(unread[..<end])
                unread = String(unread[unread.index(after: end)...])
                if line.contains(text) { return line }
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            unread += String(decoding: data, as: UTF8.self)
        }
    }

    var pid: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end and gives the exit code; -1 where a signal ended it.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }
}
