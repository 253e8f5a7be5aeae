import Foundation
import TestSupport

/// The built command, run to its end.
enum Program {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    static func process(_ arguments: [String], in folder: URL) -> Process {
        let process = Process()
        process.executableURL = BuiltCommand.url
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
    private let printed = PrintedLines()

    init(_ arguments: String..., in folder: URL = Checkout.root, environment: [String: String] = [:]) throws {
        process = Program.process(arguments, in: folder)
        process.environment?.merge(environment) { _, own in own }
        process.standardOutput = printed.pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Reads on to the first line that holds `text`; nil where none comes.
    func line(with text: String) -> String? { printed.line(with: text) }

    var pid: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end and gives the exit code; -1 where a signal ended it.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }
}
