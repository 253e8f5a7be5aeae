public import Foundation

/// The command that is tested, which SwiftPM puts beside the tests.
public enum BuiltCommand {
    /// Where it is.
    public static let url: URL = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = [tests, URL(filePath: CommandLine.arguments[0])].map {
            $0.deletingLastPathComponent().appending(path: "sluice")
        }
        return beside.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? beside[0]
    }()
}
