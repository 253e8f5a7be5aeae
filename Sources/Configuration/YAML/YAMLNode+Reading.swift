/// What a scalar means in the core schema of YAML 1.2, as JSON has it.
public enum YAMLScalar: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number that is no `Int`: its JSON text.
    case number(String)
    case text(String)
}

extension YAMLNode {
    /// The pairs of a mapping, in order; nil for anything else.
    public var pairs: [Pair]? { if case .mapping(let pairs) = content { pairs } else { nil } }

    /// The items of a sequence; nil for anything else.
    public var items: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }

    /// What a scalar means; nil for anything else.
    public var scalar: YAMLScalar? {
        guard case .scalar(let text, let style) = content else { return nil }
        guard style == .plain else { return .text(text) }
        return switch CoreScalar(plain: text) {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let text, _): .number(text)
        case .notFinite, .text: .text(text)
        }
    }

    /// The characters of a scalar, whatever it means; nil for anything else.
    public var characters: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// The text of a scalar that is a text; nil for anything else.
    public var text: String? { if case .text(let text) = scalar { text } else { nil } }

    /// Whether it is `true`.
    public var isTrue: Bool { scalar == .boolean(true) }
}
