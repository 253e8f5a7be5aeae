internal import Bytes
internal import GraphQL
internal import HTTP
internal import JSON
internal import Planning
internal import Upstream

/// What a request's inputs are read from, beside the templates: the client's request, and where the value of an argument
/// or of the parent's member comes from.
struct RenderInputs {
    let context: any RequestContext
    let profile: String
    /// The run of an operation; nil at a REST door.
    var run: OperationRun?
    /// The field's fetch.
    var fetch = -1
    /// The body that the parent's record is in; nil where there is no parent.
    var body: ResultBody?
    /// The parent's record.
    var record = -1
    /// Which of its batch's keys the call is for.
    var keys: Range<Int>?
    /// The values of a REST door's parameters.
    var parameters: [String: InputValue] = [:]
}

/// A route's templates and what its inputs are bound to.
struct BoundRoute {
    let route: RouteDescription
    let bindings: [Binding]
}

/// Where a rendered request goes.
struct RenderedRequest {
    let target: ByteBuffer
    let fields: FieldList
    let content: ByteBuffer
    /// Whether there is content, be it `null`.
    var hasContent = false
    /// The hash of the value that decides which target the call goes to; nil where there is none.
    var targetKey: UInt64?
}

/// Writes the request of one call from its route's templates (contract, "Template variables").
///
/// All values are first laid into one scratch buffer; then path, query, header fields and content are put together
/// from there. Nothing is kept from one call to the next but the storage.
struct RequestRenderer {
    /// The text of all inputs, one after the other.
    let scratch = ByteBuffer(capacity: 512)
    /// One value, unquoted and unescaped.
    let plain = ByteBuffer(capacity: 128)
    var values: [BoundValue] = []

    /// Fills `request`, or says why no call can be made.
    mutating func render(
        _ bound: BoundRoute, _ inputs: RenderInputs, into request: inout RenderedRequest
    ) -> Issue? {
        scratch.clear()
        values.removeAll(keepingCapacity: true)
        for binding in bound.bindings {
            switch bind(binding, inputs) {
            case .value(let value): values.append(value)
            case .refused(let issue): return issue
            }
        }
        let template = bound.route.template
        if let issue = appendPath(template.path, bound, to: request.target) { return issue }
        appendQuery(template.query, bound, to: request.target)
        if let issue = appendHeaders(bound, to: request.fields) { return issue }
        if let body = bound.route.body { request.hasContent = append(body, to: request.content) }
        if request.hasContent, !request.fields.contains(.contentType) {
            request.fields.append(.contentType, "application/json")
        }
        if let input = bound.route.targetKeyInput, layPlain(values[input]) {
            request.targetKey = TargetSelection.key(of: plain.bytes)
        }
        return nil
    }

    // MARK: Path

    private mutating func appendPath(_ parts: [URITemplate.Part], _ bound: BoundRoute, to target: ByteBuffer) -> Issue?
    {
        var index = 0
        for part in parts {
            switch part {
            case .literal(let bytes): target.append(bytes)
            case .variable(let variable):
                let input = bound.route.templateInputs[index]
                let value = values[input]
                index += 1
                let fault = layPlain(value) ? Self.fault(ofPathValue: plain.bytes) : JSONKind(value.slot.kind).rawValue
                if let fault {
                    return Self.refusal(of: value, "the path", variable.name, found: fault, bound.bindings[input])
                }
                PercentCoding.appendEncoded(plain.bytes, to: target)
            }
        }
        return nil
    }

    /// What is wrong with a path value's text; nil if nothing is.
    private static func fault(ofPathValue text: RawSpan) -> String? {
        let bytes = Span<UInt8>(_bytes: text)
        if bytes.isEmpty { return "an empty text" }
        if bytes[0] == UInt8(ascii: "."), bytes.count == 1 || (bytes.count == 2 && bytes[1] == UInt8(ascii: ".")) {
            return "a dot segment"
        }
        for index in bytes.indices where bytes[index] == 0 || bytes[index] == 10 || bytes[index] == 13 {
            return "a control character"
        }
        return nil
    }

    /// The error of a value that can't stand where its template has it.
    static func refusal(
        of value: BoundValue, _ place: String, _ name: String, found: String, _ binding: Binding
    ) -> Issue {
        let message = "\"\(name)\" can't be put into \(place) of the request: found \(found)"
        switch value.origin {
        case .client: return Issue(code: .badUserInput, message: message)
        case .claim where found == JSONKind.null.rawValue:
            let claim = if case .claim(let names) = binding { " \"\(names.joined(separator: "."))\"" } else { "" }
            return Issue(
                code: .unauthenticated,
                message: "\"\(name)\" is the claim\(claim) of a token, and the request has none that holds it")
        case .claim: return Issue(code: .unauthenticated, message: message)
        case .gateway, .parent:
            var issue = Issue(
                code: .typeMismatch, message: message,
                details: .mismatch(expected: "a value for \(place)", found: JSONKind(value.slot.kind).rawValue))
            if case .parent(let steps) = binding {
                issue.parentPointer = steps.reversed().map(ResponseWriter.token)
            }
            return issue
        }
    }

    /// Lays the plain text of a scalar into `plain`; false for null and what is no scalar.
    func layPlain(_ value: BoundValue) -> Bool {
        plain.clear()
        switch value.slot.kind {
        case .missing, .null, .list, .object, .joined: return false
        case .string where !value.isPlain: value.slot.appendString(in: scratch, to: plain)
        case .string, .number, .true, .false: plain.append(value.slot.bytes(in: scratch))
        }
        return true
    }
}
