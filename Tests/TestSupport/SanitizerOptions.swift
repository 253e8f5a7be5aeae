internal import Foundation

/// What a sanitizer is told through the environment, for children that are built with it too.
public enum SanitizerOptions {
    /// `ASAN_OPTIONS` and `TSAN_OPTIONS`, as far as they are set, and then `PATH`, by which the symbolizer is found:
    /// suppressions name functions.
    public static let environment: [String: String] = {
        let all = ProcessInfo.processInfo.environment
        let options = all.filter { $0.key.hasSuffix("SAN_OPTIONS") }
        return options.isEmpty ? [:] : options.merging(all.filter { $0.key == "PATH" }) { own, _ in own }
    }()
}
