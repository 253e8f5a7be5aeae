/// What reading a `gateway.yaml` gave: as much of it as could be read, and every problem.
public struct LoadedConfiguration: Sendable {
    /// What could be read; nil where the file is missing or is not YAML. With errors it is still good for checking
    /// what it refers to, never for serving.
    public var configuration: GatewayConfiguration?
    /// Every problem of the file, sorted by place.
    public var problems: [Problem]
    /// The file itself, to show lines of.
    public var source: SourceFile

    /// Whether a gateway must not start with it.
    public var hasErrors: Bool { problems.contains { $0.severity == .error } }
}

extension GatewayConfiguration {
    /// The most bytes that a gateway.yaml may have.
    public static let maximumFileSize = 1 << 20

    /// Reads a file. Any thread; it blocks on the disk.
    /// - Parameters:
    ///   - path: as the operator gave it; problems name it so.
    ///   - environment: the variables for `${NAME}`.
    /// - Returns: every problem, also that there is no such file (then at line 1, column 1).
    public static func load(path: String, environment: [String: String]) -> LoadedConfiguration {
        do throws(SourceFile.ReadError) {
            return load(try SourceFile.read(path: path, maximumSize: maximumFileSize), environment: environment)
        } catch {
            let problem = Problem(file: path, at: .start, message: error.message)
            return LoadedConfiguration(problems: [problem], source: SourceFile(path: path, bytes: []))
        }
    }

    /// Reads a file that is in memory; any thread.
    /// - Parameters:
    ///   - source: the text and the name that problems give it.
    ///   - environment: the variables for `${NAME}`.
    public static func load(_ source: SourceFile, environment: [String: String]) -> LoadedConfiguration {
        let problems = ProblemCollector(file: source.path)
        let configuration = read(source, environment: environment, problems: problems)
        return LoadedConfiguration(configuration: configuration, problems: problems.problems.sorted(), source: source)
    }

    private static func read(
        _ source: SourceFile, environment: [String: String], problems: ProblemCollector
    ) -> GatewayConfiguration? {
        guard source.bytes.count <= maximumFileSize else {
            problems.error("the file is larger than \(maximumFileSize) bytes, the most that is read", at: .start)
            return nil
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = source.bytes.starts(with: byteOrderMark) ? source.bytes[3...] : source.bytes[...]
        do throws(YAMLSyntaxError) {
            var composer = YAMLComposer(text, environment: environment, problems: problems)
            if let root = try composer.compose() { return read(root, problems: problems) }
            problems.error("the file is empty; it needs at least one upstream and a door to it", at: .start)
        } catch {
            problems.error(error.message, at: error.mark)
        }
        return nil
    }
}
