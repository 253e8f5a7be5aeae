internal import Glibc

/// What the process has of the machine, and what it was told by it.
enum ProcessResources {
    /// Takes as many descriptors as the system lets it have: each connection is one, and the usual limit of 1,024 is
    /// meant for programs that call `select`.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Processors that are there: one shard for each, unless told otherwise.
    static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The environment, which `${NAME}` reads.
    static var environment: [String: String] {
        var variables: [String: String] = [:]
        guard var next = unsafe Optional(environ) else { return [:] }
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            unsafe next += 1
        }
        return variables
    }

    /// The folders above the running program, nearest first.
    static var foldersAboveProgram: [String] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return [] }
        var path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var folders: [String] = []
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            folders.append(path.isEmpty ? "/" : path)
        }
        return folders
    }

    /// Whether there is a file of that name that can be read.
    static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }
}
