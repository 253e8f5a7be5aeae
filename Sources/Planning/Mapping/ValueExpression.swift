internal import GraphQL

/// `$args.x`, `$this.x`, `$batch.x`, `$claims.x`, `$header.x`, `$client.subject` or `$profile`: what may stand where a
/// value is written.
public enum ValueExpression: Sendable, Hashable {
    /// A field argument's value, or what stands in it.
    case argument([String])
    /// A path into the parent's raw JSON.
    case this(JSONPath)
    /// The same, for all parents at once.
    case batch(JSONPath)
    /// A claim of the token.
    case claim([String])
    /// A request header, in lower case.
    case header(String)
    /// The subject of the client's certificate.
    case clientSubject
    /// The profile's name.
    case profile

    /// What a string that begins with `$` stands for, or why it stands for nothing.
    init(_ text: String) throws(ExpressionError) {
        let parts = text.dropFirst().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count == 2 ? String(parts[1]) : ""
        switch parts.first ?? "" {
        case "profile" where parts.count == 1: self = .profile
        case "client" where rest == "subject": self = .clientSubject
        case "args": self = .argument(try Self.names(rest, in: text))
        case "claims": self = .claim(try Self.names(rest, in: text))
        case "this": self = .this(try Self.path(rest, in: text))
        case "batch": self = .batch(try Self.path(rest, in: text))
        case "header":
            guard !rest.isEmpty, rest.utf8.allSatisfy(Self.isFieldNameByte) else {
                throw ExpressionError(message: "\"\(text)\" names no header", suggestion: "$header.x-name")
            }
            self = .header(rest.lowercased())
        default:
            let known = ["$args", "$this", "$batch", "$claims", "$header", "$client.subject", "$profile"]
            throw ExpressionError(
                message: "\"\(text)\" is not a value: use $args.x, $this.x, $batch.x, $claims.x, $header.x, "
                    + "$client.subject or $profile, or $$ for a text that begins with $",
                suggestion: Self.environmentVariable(text)
                    ?? GraphQL.suggestion(for: "$\(parts.first ?? "")", among: known).map {
                        rest.isEmpty || $0 == "$profile" ? $0 : "\($0).\(rest)"
                    })
        }
    }

    /// `$NAME` as a shell has it, written as the configuration has it.
    private static func environmentVariable(_ text: String) -> String? {
        let name = text.utf8.dropFirst()
        let isName = name.allSatisfy {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
        return isName && !name.isEmpty ? "${\(text.dropFirst())}" : nil
    }

    private static func names(_ text: String, in whole: String) throws(ExpressionError) -> [String] {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty }) else {
            throw ExpressionError(message: "\"\(whole)\" names nothing", suggestion: nil)
        }
        return names
    }

    private static func path(_ text: String, in whole: String) throws(ExpressionError) -> JSONPath {
        do throws(PathError) {
            let path = try JSONPath(text)
            if path.beginsWithIndex {
                throw PathError(message: "it begins with an index, but starts at an object", offset: 0)
            }
            return path
        } catch {
            throw ExpressionError(message: "\"\(whole)\" has a bad path: \(error.message)", suggestion: nil)
        }
    }

    /// RFC 9110 §5.6.2, token.
    private static func isFieldNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Why a text is no value expression.
public struct ExpressionError: Error, Sendable, Hashable {
    /// A sentence for the author of the schema or configuration.
    public let message: String
    /// What may have been meant.
    public let suggestion: String?
}
