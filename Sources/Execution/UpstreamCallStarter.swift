internal import Bytes
internal import HTTP
public import Upstream

/// What the gateway adds to a run's calls: the route of its snapshot, the client's fields that are forwarded, and its
/// notes for log and metrics. Belongs to the loop's thread.
public protocol UpstreamCallDelegate: AnyObject {
    /// Sets the route of `upstreamCall`, and appends the client's fields that the route forwards. Method, target, content
    /// and the fields that the route sets are there afterwards; a field that is set replaces one that is forwarded.
    func prepare(_ upstreamCall: UpstreamCall, for call: ExecutionCall)
    /// A call has ended, or was cancelled: `outcome` is nil then.
    func ended(_ upstreamCall: UpstreamCall, for call: ExecutionCall)
}

/// Makes the calls of runs through one shard's `UpstreamClient`.
public final class UpstreamCallStarter: CallStarter {
    private let client: UpstreamClient
    private let delegate: any UpstreamCallDelegate
    /// Made once, so that a call allocates no closure.
    private lazy var completion: (UpstreamCall) -> Void = { [unowned self] in completed($0) }

    /// A starter, which keeps `delegate`.
    public init(client: UpstreamClient, delegate: any UpstreamCallDelegate) {
        self.client = client
        self.delegate = delegate
    }

    /// Starts `call`; see `CallStarter`.
    public func start(_ call: ExecutionCall) {
        let upstreamCall = client.makeCall()
        call.attachment = upstreamCall
        delegate.prepare(upstreamCall, for: call)
        guard upstreamCall.route != nil else {
            // A route of the plan that the snapshot doesn't have: they always come from the same one.
            call.failed(.internalError, attempts: 0)
            return
        }
        upstreamCall.method = call.method
        upstreamCall.target.append(call.target)
        upstreamCall.body = call.content
        upstreamCall.isExclusive = call.isPartOfMutation
        upstreamCall.deadline = call.deadline
        Self.set(call.fields, in: upstreamCall.fields)
        upstreamCall.owner = call
        upstreamCall.completion = completion
        client.start(upstreamCall)
    }

    /// Puts the route's own fields in, in place of forwarded ones of the same name.
    private static func set(_ own: FieldList, in fields: FieldList) {
        for index in 0..<own.count {
            if fields.index(ofName: own.name(at: index)) != nil {
                let name = own.nameString(at: index).lowercased()
                fields.removeAll { fields.nameString(at: $0).lowercased() == name }
            }
            fields.append(lineAt: index, of: own)
        }
    }

    private func completed(_ upstreamCall: UpstreamCall) {
        guard let call = upstreamCall.owner as? ExecutionCall else { return }
        upstreamCall.owner = nil
        delegate.ended(upstreamCall, for: call)
        switch upstreamCall.outcome {
        case .answer(let status, _, let body):
            call.answered(
                status: status, body: body, attempts: upstreamCall.attempts,
                staleAge: upstreamCall.isFallback ? upstreamCall.age ?? 0 : nil)
        case .failed(let failure):
            call.failed(ErrorCode(failure.code), status: failure.status, attempts: failure.attempts)
        case nil:
            call.failed(.internalError, attempts: upstreamCall.attempts)
        }
    }

    /// Ends `call`; see `CallStarter`.
    public func cancel(_ call: ExecutionCall) {
        guard let upstreamCall = call.attachment as? UpstreamCall else { return }
        upstreamCall.cancel()
        call.attempts = upstreamCall.attempts
        delegate.ended(upstreamCall, for: call)
        release(call)
    }

    /// Ends `call` at its deadline; see `CallStarter`.
    public func expire(_ call: ExecutionCall) {
        guard let upstreamCall = call.attachment as? UpstreamCall, upstreamCall.isUnderWay else {
            return call.failed(.deadlineExceeded, attempts: call.attempts)
        }
        upstreamCall.expire()
    }

    /// Takes the answer of `call` back; see `CallStarter`.
    public func release(_ call: ExecutionCall) {
        guard let upstreamCall = call.attachment as? UpstreamCall else { return }
        call.attachment = nil
        client.recycle(upstreamCall)
    }
}

extension ErrorCode {
    /// The code of a failed call.
    public init(_ code: FailureCode) {
        self =
            switch code {
            case .deadlineExceeded: .deadlineExceeded
            case .upstreamTimeout: .upstreamTimeout
            case .upstreamUnreachable: .upstreamUnreachable
            case .upstreamInvalidBody: .upstreamInvalidBody
            case .breakerOpen: .breakerOpen
            case .overloaded: .overloaded
            }
    }
}
