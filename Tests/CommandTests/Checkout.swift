import Foundation

/// The checkout that these tests were built from.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All of the program's source, one file behind the other.
    static func sources() throws -> String {
        let folder = root.appending(path: "Sources")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined(separator: "\n")
    }

    static func path(_ name: String) -> String { root.appending(path: name).path }
}
