extension GatewayConfiguration {
    /// The file itself, and every file and pattern of files that it names, as the process can open them: what a change
    /// of the configuration may begin with.
    public var files: [String] {
        var files = [file]
        files += (graphQL?.schemas ?? []).map { resolve($0.value) }
        for door in doors {
            if case .operation(let path) = door.destination { files.append(resolve(path.value)) }
        }
        return files
    }
}
