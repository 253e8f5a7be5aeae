import Foundation
import TestSupport
import Testing

/// graphql-js in a process of its own, asked by lines of JSON; see `oracle.js`.
final class Oracle {
    private let process = Process()
    private let questions = Pipe()
    private let answers = PrintedLines()

    init() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "oracle.js")
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["node", script.path]
        process.environment = ProcessInfo.processInfo.environment.merging(["NODE_PATH": "/usr/share/nodejs"]) { $1 }
        process.standardInput = questions
        process.standardOutput = answers.pipe
        try process.run()
    }

    deinit {
        try? questions.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// For each part of the question nil, or what is wrong with it.
    func ask(_ question: [String: Any]) throws -> [String?] {
        var line = try JSONSerialization.data(withJSONObject: question)
        line.append(UInt8(ascii: "\n"))
        try questions.fileHandleForWriting.write(contentsOf: line)
        let text = try #require(
            answers.next(), "graphql-js has ended; is node with the package node-graphql installed?")
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let verdicts = try #require(answer?["verdicts"] as? [Any])
        return verdicts.map { $0 as? String }
    }
}
