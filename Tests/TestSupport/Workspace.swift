public import Foundation

/// A folder of its own for one test, removed with it.
public final class Workspace: Sendable {
    /// The folder.
    public let folder: URL

    /// A folder with these files.
    public init(_ files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file, or writes it anew.
    public func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// The path of a file in it, be it there or not.
    public func path(_ name: String) -> String { folder.appending(path: name).path }
}
