extension SourceFile {
    /// Whether a comment `# check: allow RULE, RULE` says that what `rule` warns of at a line is meant. It stands at the
    /// end of the line, or alone on the one above.
    /// - Parameter number: from 1.
    func allows(_ rule: Rule, at number: Int) -> Bool {
        if let line = line(number), Self.allowed(in: line).contains(rule.rawValue) { return true }
        guard number > 1, let above = line(number - 1), above.drop(while: \.isWhitespace).hasPrefix("#") else {
            return false
        }
        return Self.allowed(in: above).contains(rule.rawValue)
    }

    private static func allowed(in line: String) -> [String] {
        guard let mark = line.firstRange(of: "check: allow "), line[..<mark.lowerBound].contains("#") else { return [] }
        return line[mark.upperBound...].split { $0 == "," || $0.isWhitespace }.map(String.init)
    }
}
