internal import Foundation

/// What a sanitizer is told through the environment, for children that are built with it too.
public enum SanitizerOptions {
    /// `ASAN_OPTIONS` and `TSAN_OPTIONS`, as far as they are set.
    public static let environment = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
}
