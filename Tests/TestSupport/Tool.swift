public import Foundation

/// A program of the system, run to its end.
public enum Tool {
    /// What it left.
    public struct Outcome: Sendable {
        /// Its exit code.
        public let status: Int32
        /// What it wrote, both streams.
        public let text: String
    }

    /// Runs a program of the `PATH`.
    /// - Parameters:
    ///   - input: what it reads; nothing unless given.
    ///   - folder: where it runs; in the tests' own unless given.
    ///   - environment: what it is told beside the tests' own environment.
    public static func run(
        _ arguments: String..., input: String = "", folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(arguments, input: input, folder: folder, environment: environment)
    }

    /// Runs a program of the `PATH`.
    public static func run(
        _ arguments: [String], input: String = "", folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        // From a file, so that a program that doesn't read it to its end breaks no pipe.
        let file = FileManager.default.temporaryDirectory.appending(path: "input-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, text: text)
    }
}
