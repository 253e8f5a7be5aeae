internal import Bytes
internal import JSON
internal import Planning

/// From a call's outcome to the joins of everyone who waits for it, and to the calls below.
extension OperationRun {
    /// Serves everyone who waits for `call`.
    func serveWaiters(of call: ExecutionCall) {
        var next = call.firstWaiter
        call.firstWaiter = -1
        call.lastWaiter = -1
        while next >= 0 {
            let waiter = waiters[Int(next)]
            next = waiter.next
            let fetch = Int(waiter.fetch)
            let result = result(of: call, for: fetch)
            if waiter.chunk < 0 {
                results.joins[Int(waiter.join)].state = .whole
                results.joins[Int(waiter.join)].result = Int32(result)
                gather(result, field: Int(waiter.field), fetch: fetch)
            } else {
                serveChunk(Int(waiter.chunk), of: fetch, from: result)
            }
            fetches[fetch].outstanding -= 1
        }
    }

    /// The call's answer as `fetch` sees it: projected once for all that share it.
    private func result(of call: ExecutionCall, for fetch: Int) -> Int {
        for known in call.results where Int(known.fetch) == fetch { return Int(known.result) }
        let result = interpret(call, for: fetch)
        results.results.append(result)
        let index = results.results.count - 1
        call.results.append((Int32(fetch), Int32(index)))
        return index
    }

    /// Contract, "A failed call": what each outcome means.
    private func interpret(_ call: ExecutionCall, for fetch: Int) -> CallResult {
        let route = plan.plan.fetches[fetch].route
        switch call.outcome {
        case .none:
            return CallResult(
                trouble: CallTrouble(failure: Issue(code: .internalError, message: "its call has not ended")))
        case .failed(let code, let status, let attempts):
            return failed(fetch, code, status: status, attempts: attempts, Self.message(for: code, route.name))
        case .answered(let status, let body, let staleAge):
            guard status >= 200, status < 300 else {
                let message = "the route \(route.name) answered with status \(status)"
                return failed(
                    fetch, .upstreamStatus, status: status, attempts: call.attempts, message,
                    isQuietAtNullable: status == 404 && !route.notFoundIsError)
            }
            let fallback = staleAge.map { age in
                CallTrouble(fallback: ServedFallback(route: route.name, kind: .stale(age: age)))
            }
            guard let body, !body.isEmpty, status != 204 else { return CallResult(trouble: fallback) }
            if let projected = project(body, fetch) { return CallResult(body: projected, trouble: fallback) }
            let message = "the route \(route.name) answered with content that is not valid JSON"
            return failed(fetch, .upstreamInvalidBody, status: status, attempts: call.attempts, message)
        }
    }

    /// A failure, or the route's fallback value in its place: on any failure but an upstream's 4xx.
    private func failed(
        _ fetch: Int, _ code: ErrorCode, status: Int?, attempts: Int, _ message: String,
        isQuietAtNullable: Bool = false
    ) -> CallResult {
        let route = plan.plan.fetches[fetch].route
        let isClientError = code == .upstreamStatus && (400..<500).contains(status ?? 0)
        if let fallback = plan.fallbacks[fetch], !isClientError {
            let text = ByteBuffer(capacity: fallback.count)
            text.append(fallback)
            if let projected = project(text, fetch) {
                let fallback = ServedFallback(route: route.name, kind: .value)
                return CallResult(body: projected, trouble: CallTrouble(fallback: fallback))
            }
        }
        let issue = Issue(
            code: code, message: message,
            details: .call(route: route.name, upstream: route.upstream, status: status, attempts: attempts))
        return CallResult(trouble: CallTrouble(failure: issue, isQuietAtNullable: isQuietAtNullable))
    }

    private static func message(for code: ErrorCode, _ route: String) -> String {
        switch code {
        case .deadlineExceeded: "the request's deadline passed before the route \(route) answered"
        case .upstreamTimeout: "the route \(route) took too long to answer"
        case .upstreamUnreachable: "the route \(route) could not be reached, or its answer broke off"
        case .upstreamStatus: "the route \(route) answered with an error status"
        case .upstreamInvalidBody: "the route \(route) answered with content that can't be used"
        case .breakerOpen: "the route \(route) is not called while its circuit breaker is open"
        case .overloaded: "the route \(route) has too many calls at once"
        default: "the call to the route \(route) failed"
        }
    }

    // MARK: Batches

    /// Gives the elements of a batch's answer to the parents whose key they have.
    private func serveChunk(_ chunk: Int, of fetch: Int, from resultIndex: Int) {
        guard let batchPlan = plan.plan.fetches[fetch].batch else { return }
        let batch = batches[Int(fetches[fetch].batch)]
        let size = max(batchPlan.max ?? batch.keys.count, 1)
        let range = (chunk * size)..<min((chunk + 1) * size, batch.keys.count)
        let runs = matches(in: resultIndex, fetch, batch, range)
        for parent in batch.parents(ofChunk: chunk) {
            let join = Int(parent.join)
            guard let runs else {
                results.joins[join].state = .matches
                results.joins[join].result = Int32(resultIndex)
                continue
            }
            let run = runs.runs[Int(parent.key) - range.lowerBound]
            let isNull = run.count == 0 && !batchPlan.isList
            results.joins[join].state = isNull ? .null : .matches
            results.joins[join].result = Int32(resultIndex)
            results.joins[join].first = run.first
            results.joins[join].count = run.count
            gatherMatches(resultIndex, field: Int(parent.field), run, runs.items)
        }
    }

    /// Elements that match each key of a chunk, as runs of `CallResults.matches`.
    struct MatchRuns {
        var runs: [(first: Int32, count: Int32)]
        /// The answer's elements.
        var items: ElementRun
    }

    /// Nil when the call failed or its answer is no list: each parent is then told so.
    private func matches(in resultIndex: Int, _ fetch: Int, _ batch: BatchState, _ range: Range<Int>) -> MatchRuns? {
        guard let body = results.results[resultIndex].body else { return nil }
        let paths = plan.tables.fetchPaths[fetch]
        let end = plan.tables.walk(body, slot: body.root, first: paths.at.lowerBound, count: paths.at.count)
        guard case .slot(let slot) = end, slot.kind == .list else { return nil }
        let items = body.elements(of: slot)
        var lists = [[Int32]](repeating: [], count: range.count)
        for item in 0..<items.count {
            let slot = body.element(items, item)
            guard slot.kind == .object else { continue }
            let end = plan.tables.walk(
                body, record: body.record(of: slot), first: paths.answerKey.lowerBound, count: paths.answerKey.count)
            guard case .slot(let key) = end, let text = body.keyText(of: key),
                let index = batch.keyIndices[text], range.contains(Int(index))
            else { continue }
            lists[Int(index) - range.lowerBound].append(Int32(item))
        }
        var runs = MatchRuns(runs: [], items: items)
        for list in lists {
            runs.runs.append((Int32(results.matches.count), Int32(list.count)))
            results.matches.append(contentsOf: list)
        }
        return runs
    }
}
