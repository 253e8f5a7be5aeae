public import Foundation
internal import Synchronization

/// A folder of its own for one test, removed with it; one that is kept to the end of the process, then.
public final class Workspace: Sendable {
    /// The folder.
    public let folder: URL

    private static let kept = Mutex<Set<URL>>([])
    private static let removesKept: Void = {
        atexit {
            for folder in kept.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder) }
        }
    }()

    /// A folder with these files.
    public init(_ files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        Self.removesKept
        Self.kept.withLock { _ = $0.insert(folder) }
        for (name, text) in files { try write(name, text) }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
        Self.kept.withLock { _ = $0.remove(folder) }
    }

    /// Writes a file, or writes it anew.
    public func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// The path of a file in it, be it there or not.
    public func path(_ name: String) -> String { folder.appending(path: name).path }
}
