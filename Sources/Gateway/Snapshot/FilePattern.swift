internal import Glibc

/// File name patterns of the configuration (`schemas/*.graphql`).
enum FilePattern {
    /// The files that `patterns` name, in their order.
    static func expand(_ patterns: [String]) -> [String] { patterns.flatMap { expand($0) } }

    /// The files that `pattern` names, sorted. A pattern without a wildcard names itself, be there such a file or not,
    /// so that the one who reads it can say what is wrong with it.
    static func expand(_ pattern: String) -> [String] {
        guard
            pattern.utf8.contains(where: {
                $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
            })
        else { return [pattern] }
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        var paths: [String] = []
        for index in 0..<Int(unsafe found.gl_pathc) {
            if let path = unsafe found.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
        }
        return paths
    }
}
