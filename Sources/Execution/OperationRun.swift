internal import Bytes
public import EventLoop
public import GraphQL
internal import JSON
internal import Planning

/// Runs one plan for one request: starts calls as soon as their inputs are there, joins what they answer, and writes
/// the answer when the last one is in.
///
/// Belongs to one loop's thread; its callbacks are called there. Made to be used again (`OperationRunPool`): in steady
/// use a run of the same shape allocates next to nothing.
public final class OperationRun {
    private(set) var plan: ExecutablePlan
    private(set) var variables: CoercedVariables
    private(set) var context: any RequestContext
    let starter: any CallStarter
    private(set) var callLimit: Int

    /// What the calls answered, joined to the records of their parents.
    let results = CallResults()
    /// One empty record with a join slot for each root field.
    let rootBody = ResultBody(record: 0)
    var renderer = RequestRenderer()
    /// For each fetch its field's arguments, once they are coerced.
    var arguments: [FieldArgumentValues?] = []
    /// For each of the plan's uncertain fields, why its arguments are refused.
    private(set) var refusals: [Issue?] = []

    var calls: [ExecutionCall] = []
    var callTable = CallTable()
    var waiters: [CallWaiter] = []
    private var endedCalls: [ExecutionCall] = []
    var spareCalls: [ExecutionCall] = []
    var spareStorage: [ProjectedBody] = []

    var fetches: [FetchState] = []
    var batches: [BatchState] = []
    /// For each key of the chunk that is being served what matches it.
    var matchRuns: [MatchRun] = []
    private var unfinishedFetches = 0
    private var currentRootIndex = -1

    private var completion: ((OperationRun) -> Void)?
    private var isPumping = false
    private(set) var isPastDeadline = false
    private var deadlineTimer: LoopTimer?
    /// Whether the client left before the run was complete: there is nothing to answer.
    public private(set) var isCancelled = false
    /// Whether a call wasn't made because it would have been one more than `callLimit`.
    public internal(set) var isCallLimitExceeded = false
    /// Calls made so far.
    public var callCount: Int { calls.count }

    /// A run that isn't started yet.
    /// - Parameters:
    ///   - plan: what is run.
    ///   - variables: the operation's variables, coerced.
    ///   - context: what calls take from the client's request.
    ///   - starter: makes the calls.
    ///   - callLimit: `limits.upstreamCalls`.
    ///   - loop: the loop whose timer ends the run at `context.deadline`; nil leaves that to `deadlineReached`.
    public init(
        _ plan: ExecutablePlan, variables: CoercedVariables, context: any RequestContext, starter: any CallStarter,
        callLimit: Int = .max, loop: EventLoop? = nil
    ) {
        self.plan = plan
        self.variables = variables
        self.context = context
        self.starter = starter
        self.callLimit = callLimit
        if let loop {
            deadlineTimer = LoopTimer(loop) { [unowned self] in deadlineReached() }
        }
    }

    /// Turns a finished run to the next request.
    func prepare(
        _ plan: ExecutablePlan, variables: CoercedVariables, context: any RequestContext, callLimit: Int
    ) {
        self.plan = plan
        self.variables = variables
        self.context = context
        self.callLimit = callLimit
        currentRootIndex = -1
        isPastDeadline = false
        isCancelled = false
        isCallLimitExceeded = false
    }

    // MARK: Running

    /// Starts the run. `completion` is called once, possibly before this returns: when all calls have ended and the
    /// answer can be written, or on `cancel`.
    public func run(_ completion: @escaping (OperationRun) -> Void) {
        self.completion = completion
        deadlineTimer?.schedule(at: context.deadline)
        let plans = plan.plan.fetches
        fetches.removeAll(keepingCapacity: true)
        var batchCount: Int32 = 0
        for fetch in plans {
            var state = FetchState()
            if fetch.batch != nil {
                state.batch = batchCount
                batchCount += 1
            }
            fetches.append(state)
        }
        while batches.count < Int(batchCount) { batches.append(BatchState()) }
        arguments.append(contentsOf: repeatElement(nil, count: plans.count))
        refusals = plan.tables.uncertain.isEmpty ? [] : plan.refusals(variables)
        unfinishedFetches = plans.count
        rootBody.projected.reset(recordOf: plan.plan.rootRecordSlots)
        pump()
    }

    /// Runs to the end or to `cancel`, for a task on the loop.
    public func run() async {
        await withCheckedContinuation { continuation in
            run { _ in continuation.resume() }
        }
    }

    /// The client left: ends all calls and the run.
    public func cancel() {
        guard completion != nil else { return }
        isCancelled = true
        for call in calls where !call.hasEnded { drop(call) }
        complete()
    }

    private func drop(_ call: ExecutionCall) {
        call.isHeld = false
        starter.cancel(call)
    }

    private func complete() {
        guard let completion else { return }
        self.completion = nil
        deadlineTimer?.rest()
        completion(self)
    }

    /// The whole request's deadline has passed: ends all calls, and answers with the data that is there.
    public func deadlineReached() {
        guard completion != nil, !isPastDeadline else { return }
        isPastDeadline = true
        // Served when all have ended: serving the last of them completes the run, which then may begin anew.
        isPumping = true
        for call in calls where !call.hasEnded { starter.expire(call) }
        isPumping = false
        pump()
    }

    /// A call reports its outcome.
    func callEnded(_ call: ExecutionCall) {
        endedCalls.append(call)
        pump()
    }

    /// Does all that can be done now. Calls that end while it works are queued, so the stack stays flat however many
    /// end at once.
    private func pump() {
        guard !isPumping, completion != nil else { return }
        isPumping = true
        repeat {
            while let call = endedCalls.popLast() { serveWaiters(of: call) }
            settle()
        } while !endedCalls.isEmpty
        isPumping = false
        if unfinishedFetches == 0 { complete() }
    }

    /// A call that has already ended has someone new who waits for it.
    func serveAgain(_ call: ExecutionCall) {
        endedCalls.append(call)
    }

    /// Forgets the request and keeps the storage.
    func removeAll() {
        results.removeAll()
        callTable.removeAll()
        waiters.removeAll(keepingCapacity: true)
        endedCalls.removeAll(keepingCapacity: true)
        for index in batches.indices { batches[index].removeAll() }
        arguments.removeAll(keepingCapacity: true)
    }

    /// Closes the fetches whose parents are all there, makes their batches, and starts the next root field of a
    /// mutation. Parents stand before their children, so one pass sees everything.
    private func settle() {
        repeat {
            for fetch in fetches.indices where !fetches[fetch].isFinished {
                let parent = Int(plan.parents[fetch])
                if !fetches[fetch].isClosed, parent >= 0, fetches[parent].isFinished {
                    fetches[fetch].isClosed = true
                    if fetches[fetch].batch >= 0 { startBatch(fetch) }
                }
                if fetches[fetch].isClosed, fetches[fetch].outstanding == 0 {
                    fetches[fetch].isFinished = true
                    unfinishedFetches -= 1
                }
            }
        } while endedCalls.isEmpty && startRootFields()
    }

    /// Starts the root fields whose turn it is: all of a query's at once, a mutation's one after the other
    /// (GraphQL §6.2.2). Returns false when there is nothing to start.
    private func startRootFields() -> Bool {
        if currentRootIndex >= 0 {
            guard plan.plan.kind == .mutation else { return false }
            let isBusy = fetches.indices.contains {
                plan.plan.fetches[$0].rootIndex == currentRootIndex && !fetches[$0].isFinished
            }
            if isBusy { return false }
        }
        let waiting = plan.rootFields.filter { !fetches[Int(plan.tables.fields[$0].second)].isClosed }
        guard let first = waiting.first else { return false }
        // Nothing is shared between the root fields of a mutation.
        callTable.removeAll()
        currentRootIndex = rootIndex(ofField: first)
        for field in waiting where plan.plan.kind != .mutation || rootIndex(ofField: field) == currentRootIndex {
            let entry = plan.tables.fields[field]
            fetches[Int(entry.second)].isClosed = true
            begin(field: field, entry, rootBody, record: rootBody.record(of: rootBody.root))
        }
        return true
    }

    private func rootIndex(ofField field: Int) -> Int {
        plan.plan.fetches[Int(plan.tables.fields[field].second)].rootIndex
    }
}
