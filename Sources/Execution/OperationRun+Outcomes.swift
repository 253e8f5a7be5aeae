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
        let batch = Int(fetches[fetch].batch)
        let count = batches[batch].keys.count
        let size = max(batchPlan.max ?? count, 1)
        let range = (chunk * size)..<min((chunk + 1) * size, count)
        let items = match(resultIndex, fetch, batch, range)
        for parent in batches[batch].parents(ofChunk: chunk) {
            var join = Join(state: .matches, result: Int32(resultIndex))
            guard let items else {
                results.joins[Int(parent.join)] = join
                continue
            }
            let run = matchRuns[Int(parent.key) - range.lowerBound]
            if run.count == 0, !batchPlan.isList { join.state = .null }
            join.first = run.first
            join.count = run.count
            results.joins[Int(parent.join)] = join
            gatherMatches(resultIndex, field: Int(parent.field), (run.first, run.count), items)
        }
    }

    /// Finds the elements that match each key of a chunk: `matchRuns` gets a run of `CallResults.matches` for each, in the
    /// answer's order.
    /// - Returns: the answer's elements; nil when the call failed or its answer is no list: each parent is then told so.
    private func match(_ resultIndex: Int, _ fetch: Int, _ batch: Int, _ range: Range<Int>) -> ElementRun? {
        guard let body = results.results[resultIndex].body else { return nil }
        let tables = plan.tables
        let paths = tables.fetchPaths[fetch]
        let end = tables.walk(body, slot: body.root, first: paths.at.lowerBound, count: paths.at.count)
        guard case .slot(let slot) = end, slot.kind == .list else { return nil }
        let items = body.elements(of: slot)
        let keys = batches[batch].keys
        var runs = [MatchRun](repeating: MatchRun(), count: range.count)
        var keyOfItem = [Int32](repeating: -1, count: items.count)
        for item in 0..<items.count {
            let slot = body.element(items, item)
            guard slot.kind == .object else { continue }
            let end = tables.walk(
                body, record: body.record(of: slot), first: paths.answerKey.lowerBound, count: paths.answerKey.count)
            guard case .slot(let key) = end, let index = keys.index(of: key, in: body.text), range.contains(index)
            else { continue }
            keyOfItem[item] = Int32(index - range.lowerBound)
            runs[index - range.lowerBound].count += 1
        }
        var next = Int32(results.matches.count)
        for index in runs.indices {
            runs[index].first = next
            next += runs[index].count
            runs[index].count = 0
        }
        results.matches.append(contentsOf: repeatElement(0, count: Int(next) - results.matches.count))
        for (item, key) in keyOfItem.enumerated() where key >= 0 {
            let run = runs[Int(key)]
            results.matches[Int(run.first + run.count)] = Int32(item)
            runs[Int(key)].count += 1
        }
        matchRuns = runs
        return items
    }
}

/// The elements of a batch's answer that match one key: a run of `CallResults.matches`.
struct MatchRun: BitwiseCopyable {
    var first: Int32 = 0
    var count: Int32 = 0
}
