public import Foundation

/// The Python of `Tests/requirements.txt`, in `.build/python`: made by `make`, here too where it isn't there yet.
public enum Python {
    /// `make` could not install it, or a script ended with another status than 0.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        public let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let interpreter = Result {
        let made = try run("/usr/bin/make", ["--silent", "-C", root.path, "python"], input: nil)
        guard made.status == 0 else { throw Failure(description: "make could not install Tests/requirements.txt") }
        return root.appending(path: ".build/python/bin/python").path
    }

    /// Runs the interpreter and gives what it prints.
    /// - Parameters:
    ///   - arguments: a script's path, or `-c` and a text, and what it is given.
    ///   - input: what it reads.
    public static func run(_ arguments: [String], input: Data? = nil) throws -> Data {
        let ended = try run(interpreter.get(), arguments, input: input)
        guard ended.status == 0 else {
            throw Failure(description: "status \(ended.status): \(String(decoding: ended.output, as: UTF8.self))")
        }
        return ended.output
    }

    private static func run(
        _ command: String, _ arguments: [String], input: Data?
    ) throws -> (status: Int32, output: Data) {
        let process = Process()
        let (given, printed) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.standardInput = given
        process.standardOutput = printed
        try process.run()
        if let input { try given.fileHandleForWriting.write(contentsOf: input) }
        try given.fileHandleForWriting.close()
        let output = printed.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
