internal import Glibc

/// Files that a command writes where none were: it never overwrites what somebody has.
struct NewFiles {
    /// Why they can't be written.
    struct Failure: Error {
        /// In plain words, with what to do.
        let reason: String
    }

    private let folder: String

    /// - Parameter folder: made where it isn't there, with the folders above it.
    init(_ folder: String) { self.folder = folder }

    /// Writes all files, or none where one of them is there already.
    /// - Parameter files: paths below the folder, and texts.
    func write(_ files: [(path: String, text: String)]) throws(Failure) {
        for (path, _) in files where unsafe access("\(folder)/\(path)", F_OK) == 0 {
            throw Failure(reason: "\(folder)/\(path) is there already; name another folder, or move it away")
        }
        for (path, text) in files {
            try makeFolders(above: "\(folder)/\(path)")
            try write(text, to: "\(folder)/\(path)")
        }
    }

    private func makeFolders(above path: String) throws(Failure) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            end = path.index(after: slash)
            let folder = String(path[..<slash])
            if folder.isEmpty { continue }
            let outcome = unsafe mkdir(folder, 0o777)
            guard outcome == 0 || errno == EEXIST else { throw failure("the folder \(folder) can't be made") }
        }
    }

    private func write(_ text: String, to path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("\(path) can't be written") }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("\(path) can't be written") }
            rest = rest.dropFirst(count)
        }
    }

    private func failure(_ what: String) -> Failure {
        Failure(reason: unsafe "\(what): \(String(cString: strerror(errno)))")
    }
}
