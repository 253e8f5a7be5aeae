import Foundation
import Testing

/// graphql-js in a process of its own, asked by lines of JSON; see `oracle.js`.
final class Oracle {
    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    private var unread = Data()

    init() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "oracle.js")
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["node", script.path]
        process.environment = ProcessInfo.processInfo.environment.merging(["NODE_PATH": "/usr/share/nodejs"]) { $1 }
        process.standardInput = questions
        process.standardOutput = answers
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
        let answer = try JSONSerialization.jsonObject(with: try readLine()) as? [String: Any]
        let verdicts = try #require(answer?["verdicts"] as? [Any])
        return verdicts.map { $0 as? String }
    }

    private func readLine() throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[unread.startIndex..<end]
                unread = unread[unread.index(after: end)...]
                return Data(line)
            }
            let data = answers.fileHandleForReading.availableData
            try #require(!data.isEmpty, "graphql-js has ended; is node with the package node-graphql installed?")
            unread.append(data)
        }
    }
}
