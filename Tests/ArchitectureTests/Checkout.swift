import Foundation

/// The checkout that these tests were built from.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The files below `folder` whose names end in `extension`, sorted.
    static func files(in folder: URL, withExtension extension: String) -> [URL] {
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let files = (found?.allObjects as? [URL]) ?? []
        return files.filter { $0.pathExtension == `extension` }.sorted { $0.path < $1.path }
    }
}
