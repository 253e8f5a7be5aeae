internal import Bytes
internal import Execution
internal import HTTP
internal import Upstream

/// How a failed call looks at a REST door.
extension FailureCode {
    /// The status (contract section 4, REST doors).
    var doorStatus: Int {
        switch self {
        case .deadlineExceeded, .upstreamTimeout: 504
        case .upstreamUnreachable, .upstreamInvalidBody: 502
        case .breakerOpen, .overloaded: 503
        }
    }

    /// What happened, for people.
    var reason: String {
        switch self {
        case .deadlineExceeded: "the request's deadline passed"
        case .upstreamTimeout: "it took longer than its timeout"
        case .upstreamUnreachable: "the connection failed"
        case .upstreamInvalidBody: "its answer is too large or broken"
        case .breakerOpen: "its breaker is open"
        case .overloaded: "too many calls are under way"
        }
    }
}

extension GatewayRequest {
    /// Refuses because no request to an upstream can be made of this one: what it lacks may be a token's claim.
    func refuse(_ refusal: RouteRequestRenderer.Refusal) {
        if refusal.code == .unauthenticated { return refuseAnonymous(detail: refusal.message + ".") }
        refuse(.badUserInput, status: 400, detail: refusal.message + ".")
    }
}

extension FieldList {
    /// Puts the lines of `own` in, in place of lines of the same names.
    func replaceLines(with own: FieldList) {
        for index in 0..<own.count {
            removeAll { self.name(at: $0).equalsIgnoringCase(own.name(at: index)) }
        }
        for index in 0..<own.count { append(lineAt: index, of: own) }
    }
}
