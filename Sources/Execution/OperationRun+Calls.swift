internal import Bytes
internal import HTTP
internal import JSON
internal import Planning

/// From a fetch and a parent to a call.
extension OperationRun {
    /// Joins a fetched field of the object at `record`: starts its call, or puts it down for its batch.
    func begin(field fieldIndex: Int, _ field: FieldEntry, _ body: ResultBody, record: Int) {
        guard body.join(record, Int(field.first)) < 0 else { return }
        let fetch = Int(field.second)
        let join = results.joins.count
        results.joins.append(Join(state: .pending))
        body.setJoin(record, Int(field.first), join)
        if fetches[fetch].batch >= 0 {
            addParent(of: fetch, field: fieldIndex, join: join, body, record: record)
            return
        }
        let waiter = CallWaiter(
            fetch: Int32(fetch), field: Int32(fieldIndex), join: Int32(join), chunk: -1, next: -1)
        switch prepareCall(fetch, body, record: record, keys: nil) {
        case .call(let call): attach(waiter, to: call)
        case .refused(let issue): refuse(join: join, issue)
        }
    }

    private func render(_ fetch: FetchPlan, into call: ExecutionCall, _ inputs: RenderInputs) -> Issue? {
        call.route = fetch.route.index
        call.method = fetch.route.template.method
        call.deadline = context.deadline
        var request = RenderedRequest(target: call.target, fields: call.fields, content: call.contentBuffer)
        defer {
            call.hasContent = request.hasContent
            call.targetKey = request.targetKey
        }
        return renderer.render(
            BoundRoute(route: fetch.route, bindings: fetch.bindings), inputs, into: &request)
    }

    /// What came of asking for a call.
    enum Prepared {
        case call(ExecutionCall)
        case refused(Issue)
    }

    /// Renders the request and finds the call that was already made with it, or starts it.
    func prepareCall(_ fetch: Int, _ body: ResultBody, record: Int, keys: Range<Int>?) -> Prepared {
        let fetchPlan = plan.plan.fetches[fetch]
        let call = spareCalls.popLast() ?? ExecutionCall(run: self)
        call.context = context
        let inputs = RenderInputs(
            context: context, profile: plan.plan.profile.name, run: self, fetch: fetch, body: body, record: record,
            keys: keys)
        if let issue = render(fetchPlan, into: call, inputs) {
            putBack(call)
            return .refused(issue)
        }
        let hash = call.identityHash
        if let known = callTable.find(hash, where: { calls[$0].hasSameIdentity(as: call) }) {
            putBack(call)
            return .call(calls[known])
        }
        guard calls.count < callLimit else {
            isCallLimitExceeded = true
            putBack(call)
            return .refused(
                Issue(
                    code: .limitExceeded,
                    message: "a call to the route \(fetchPlan.route.name) would exceed the limit of \(callLimit) calls")
            )
        }
        callTable.insert(hash, calls.count)
        call.index = calls.count
        calls.append(call)
        start(call)
        return .call(call)
    }

    private func start(_ call: ExecutionCall) {
        if isPastDeadline {
            call.failed(.deadlineExceeded, attempts: 0)
        } else {
            call.isHeld = true
            starter.start(call)
        }
    }

    /// Keeps a call that isn't made after all.
    func putBack(_ call: ExecutionCall) {
        call.reset()
        spareCalls.append(call)
    }

    /// Lets `waiter` wait for `call`, or be served at once if that has ended.
    func attach(_ waiter: CallWaiter, to call: ExecutionCall) {
        let index = Int32(waiters.count)
        waiters.append(waiter)
        if call.lastWaiter >= 0 { waiters[Int(call.lastWaiter)].next = index } else { call.firstWaiter = index }
        call.lastWaiter = index
        fetches[Int(waiter.fetch)].outstanding += 1
        // A call that ended before this waiter came, and has no other one left, is looked at once more.
        if call.hasEnded, call.firstWaiter == index { serveAgain(call) }
    }

    /// No call is made for this position.
    func refuse(join: Int, _ issue: Issue) {
        results.joins[join].state = .refused
        results.joins[join].first = Int32(results.issues.count)
        results.issues.append(issue)
    }

    // MARK: Batches

    /// Puts a parent down for its fetch's batch; one without a key gets null.
    private func addParent(of fetch: Int, field: Int, join: Int, _ body: ResultBody, record: Int) {
        let batch = Int(fetches[fetch].batch)
        let path = plan.tables.fetchPaths[fetch].parentKey
        switch plan.tables.walk(body, record: record, first: path.lowerBound, count: path.count) {
        case .null:
            results.joins[join].state = .null
        case .mismatch(let slot, let expected, let reached):
            refuseKey(join, expected: expected.rawValue, JSONKind(slot.kind), path.prefix(reached))
        case .slot(let slot):
            let kind = JSONKind(slot.kind)
            switch kind {
            case .null:
                results.joins[join].state = .null
            case .object, .array:
                refuseKey(join, expected: "a key", kind, path)
            case .string, .number, .boolean:
                let key = batches[batch].keys.add(slot, of: body.text)
                batches[batch].parents.append(
                    BatchParent(join: Int32(join), key: Int32(key), field: Int32(field)))
            }
        }
    }

    private func refuseKey(_ join: Int, expected: String, _ found: JSONKind, _ steps: Range<Int>) {
        var issue = Issue.mismatch(expected: expected, found: found.rawValue)
        issue.parentPointer = plan.tables.steps[steps].reversed().map(ResponseWriter.token)
        refuse(join: join, issue)
    }

    /// All parents are there: makes the calls of a batch, each with as many keys as the route takes.
    func startBatch(_ fetch: Int) {
        let batch = Int(fetches[fetch].batch)
        let count = batches[batch].keys.count
        guard count > 0, let batchPlan = plan.plan.fetches[fetch].batch else { return }
        let size = max(batchPlan.max ?? count, 1)
        batches[batch].close(chunkSize: size)
        for chunk in 0..<((count + size - 1) / size) {
            let range = (chunk * size)..<min((chunk + 1) * size, count)
            switch prepareCall(fetch, rootBody, record: -1, keys: range) {
            case .call(let call):
                attach(
                    CallWaiter(fetch: Int32(fetch), field: -1, join: -1, chunk: Int32(chunk), next: -1), to: call)
            case .refused(let issue):
                let index = Int32(results.issues.count)
                results.issues.append(issue)
                for parent in batches[batch].parents(ofChunk: chunk) {
                    results.joins[Int(parent.join)].state = .refused
                    results.joins[Int(parent.join)].first = index
                }
            }
        }
    }
}
