/// What libyaml's parser reports, one at a time.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(Scalar)
        case sequenceStart(Properties)
        case sequenceEnd
        case mappingStart(Properties)
        case mappingEnd
    }

    struct Properties {
        var anchor: String?
        var tag: String?
    }

    struct Scalar {
        var properties: Properties
        var text: String
        var isPlain: Bool
        var isQuoted: Bool
    }

    var kind: Kind
    /// Where it begins and ends, in Unicode scalars from the beginning of the text.
    var start: Int
    var end: Int
}

/// Text that is not YAML.
struct YAMLSyntaxError: Error {
    var message: String
    var mark: Mark
}
