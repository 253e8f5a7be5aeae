internal import Bytes
internal import Configuration
internal import Execution
internal import Planning
internal import Telemetry

/// Runs operations that are ready, for the GraphQL door and for operation doors.
enum OperationRunner {
    /// Runs `ready` for `request`.
    /// - Parameter done: gets the answer, in a buffer of the shard's, and how many errors it holds; possibly before this
    ///   returns. It isn't called when the client leaves.
    static func run(
        _ ready: OperationPreparation.Ready, _ request: GatewayRequest, _ done: @escaping (ByteBuffer, Int) -> Void
    ) {
        let shard = request.shard
        request.record.operation = ready.plan.plan.operationName
        let limit = ready.isTrusted ? nil : request.snapshot.configuration.graphQL?.limits.upstreamCalls
        let run = shard.runs.take(
            ready.plan, variables: ready.variables, context: request, callLimit: limit?.enforced ?? .max)
        request.runStarted(run)
        run.run { run in
            request.runEnded(run)
            shard.limits.record(upstreamCalls: run.callCount)
            if let limit, run.callCount > limit.max || run.isCallLimitExceeded {
                shard.limits.count(.upstreamCalls, Limit(limit).mode)
            }
            guard !run.isCancelled else { return shard.runs.giveBack(run) }
            let output = shard.takeBuffer()
            let errors = run.writeAnswer(to: output, extend: request.isInspected ? request.appendTiming : nil)
            shard.runs.giveBack(run)
            done(output, errors)
        }
    }
}
