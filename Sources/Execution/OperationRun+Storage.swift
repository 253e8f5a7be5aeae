internal import Bytes
public import EventLoop
public import GraphQL
internal import JSON
internal import Planning

/// Storage that a run keeps from one request to the next.
extension OperationRun {
    /// Reads an answer as a fetch wants it; nil where it is no JSON.
    func project(_ text: ByteBuffer, _ fetch: Int) -> ResultBody? {
        let storage = spareStorage.popLast() ?? ProjectedBody()
        if let body = ResultBody(text, plan.plan.fetches[fetch].shape, into: storage) { return body }
        putBack(storage)
        return nil
    }

    /// Keeps a projection's storage for later, up to a bound.
    private func putBack(_ storage: ProjectedBody) {
        storage.shrink(toCapacity: 4096)
        spareStorage.append(storage)
    }

    /// Lets everything go that belongs to the request: bodies back to the starter, results forgotten. Call it when the
    /// answer has been written, or after `cancel`; `OperationRunPool.giveBack` does.
    public func finish() {
        for call in calls {
            if call.isHeld { starter.release(call) }
            putBack(call)
        }
        calls.removeAll(keepingCapacity: true)
        for result in results.results {
            if let body = result.body { putBack(body.projected) }
        }
        removeAll()
    }
}

/// Runs that are used again, so that one in steady use allocates next to nothing. One per shard, on its thread.
public final class OperationRunPool {
    private let starter: any CallStarter
    private let loop: EventLoop?
    private let capacity: Int
    private var spare: [OperationRun] = []

    /// A pool that keeps at most `capacity` idle runs; see `OperationRun.init` for the rest.
    public init(starter: any CallStarter, loop: EventLoop?, capacity: Int = 64) {
        self.starter = starter
        self.loop = loop
        self.capacity = capacity
    }

    /// A run that isn't started yet; see `OperationRun.init`.
    public func take(
        _ plan: ExecutablePlan, variables: CoercedVariables, context: any RequestContext, callLimit: Int
    ) -> OperationRun {
        guard let run = spare.popLast() else {
            return OperationRun(
                plan, variables: variables, context: context, starter: starter, callLimit: callLimit, loop: loop)
        }
        run.prepare(plan, variables: variables, context: context, callLimit: callLimit)
        return run
    }

    /// Finishes a run whose answer has been written, or that was cancelled, and keeps it.
    public func giveBack(_ run: OperationRun) {
        run.finish()
        if spare.count < capacity { spare.append(run) }
    }
}
