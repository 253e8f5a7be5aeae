internal import CLibYAML

/// libyaml's event parser over bytes in memory. It belongs to one thread.
@safe
final class YAMLEventParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let isReady: Bool
    private let lines: LineIndex

    /// - Parameters:
    ///   - bytes: the text in UTF-8 without a byte order mark; libyaml reports what isn't.
    ///   - lines: where the lines of that text begin.
    init(_ bytes: ArraySlice<UInt8>, lines: LineIndex) {
        unsafe parser = .allocate(capacity: 1)
        unsafe input = .allocate(capacity: max(1, bytes.count))
        _ = unsafe input.initialize(from: bytes)
        self.lines = lines
        isReady = unsafe yaml_parser_initialize(parser) == 1
        if isReady {
            unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
        }
    }

    deinit {
        if isReady { unsafe yaml_parser_delete(parser) }
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; after `streamEnd` or an error there is none worth asking for.
    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        guard isReady else { throw YAMLSyntaxError(message: "out of memory", mark: .start) }
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(
            kind: Self.kind(of: event), start: event.start_mark.index, end: event.end_mark.index)
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_ALIAS_EVENT: return unsafe .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: return unsafe .scalar(scalar(event.data.scalar))
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe event.data.sequence_start
            return unsafe .sequenceStart(.init(anchor: text(data.anchor), tag: text(data.tag)))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let data = unsafe event.data.mapping_start
            return unsafe .mappingStart(.init(anchor: text(data.anchor), tag: text(data.tag)))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamStart
        }
    }

    private static func scalar(_ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> YAMLEvent.Scalar {
        let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
        let style = unsafe data.style
        return unsafe YAMLEvent.Scalar(
            properties: .init(anchor: text(data.anchor), tag: text(data.tag)),
            text: String(decoding: bytes, as: UTF8.self), isPlain: style == YAML_PLAIN_SCALAR_STYLE,
            isQuoted: style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    /// Whether the scalar at an index is the brace of `${`.
    private func isVariable(atScalar index: Int) -> Bool {
        let scalars = unsafe String(decoding: input, as: UTF8.self).unicodeScalars
        return scalars.dropFirst(max(0, index - 1)).starts(with: "${".unicodeScalars)
    }

    private func syntaxError() -> YAMLSyntaxError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? ""
        // What reads bytes knows only their offset; what scans and parses gives a mark.
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let offset = unsafe parser.pointee.problem_offset
            return YAMLSyntaxError(message: YAMLWording.plain(problem), mark: lines.mark(ofByte: offset))
        }
        let mark = unsafe lines.mark(ofScalar: parser.pointee.problem_mark.index)
        let opened = unsafe lines.mark(ofScalar: parser.pointee.context_mark.index)
        switch YAMLWording.place(of: problem) {
        case .problem: return YAMLSyntaxError(message: YAMLWording.plain(problem), mark: mark)
        case .opening: return YAMLSyntaxError(message: YAMLWording.plain(problem), mark: opened)
        case .both where isVariable(atScalar: unsafe parser.pointee.problem_mark.index):
            return YAMLSyntaxError(
                message: "within { } and [ ] a ${NAME} has to stand in quotes, as its braces are YAML's here",
                mark: mark)
        case .both:
            let place = " (it begins at line \(opened.line), column \(opened.column))"
            return YAMLSyntaxError(message: YAMLWording.plain(problem) + place, mark: mark)
        }
    }
}
