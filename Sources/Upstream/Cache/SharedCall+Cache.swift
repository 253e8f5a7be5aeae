internal import Bytes
internal import EventLoop
internal import HTTP
internal import Telemetry

/// From an upstream's answer to the cache, and from a failure to what the cache has in its place.
extension SharedCall {
    /// The run has ended: stores what may be stored, and steps down the ladder on a failure.
    func useCache(_ route: UpstreamRoute, _ cache: RouteCache) {
        defer {
            isConditional = false
            stored = nil
        }
        guard case .answer(let status, let head, let body) = call.outcome else {
            stored?.refreshEnded()
            return fallBack(route)
        }
        switch status {
        case 304 where isConditional:
            refresh(with: head.fields, route, cache)
        case 200..<300 where !cache.isUsable(body):
            stored?.refreshEnded()
            fallBack(route, isUnusable: true)
        case 200..<300, 404, 410:
            store(status, head.fields, body, route, cache)
        default:
            stored?.refreshEnded()
            fallBack(route)
        }
    }

    private func freshness(_ fields: FieldList, _ cache: RouteCache, isNegative: Bool) -> EntryFreshness {
        let response = ResponseFreshness(
            fields, receivedAt: Int(WallTime.now.nanoseconds / 1_000_000_000),
            delay: Int(call.endedAt.nanoseconds(since: call.startedAt) / 1_000_000_000))
        return EntryFreshness(
            response, cache.policy, isNegative: isNegative, now: call.endedAt.nanoseconds, chance: cache.chance())
    }

    private func store(
        _ status: Int, _ fields: FieldList, _ body: ByteBuffer, _ route: UpstreamRoute, _ cache: RouteCache
    ) {
        let isNegative = status == 404
        let mayBeStored =
            body.count <= CacheEntry.largest
            && (status == 200 || (isNegative && cache.policy.negative != nil))
            && ResponseFreshness.mayBeStored(fields, isOutsideKey: CallKey.isOfOneRequest)
        let freshness = freshness(fields, cache, isNegative: isNegative)
        guard mayBeStored, freshness.isUseful || (!isNegative && CacheEntry.hasValidator(fields)) else {
            // What is there is older than what can't be kept.
            if stored != nil { forget(cache) }
            return
        }
        let entry = CacheEntry(
            key: flight.key, route: route.identity, target: call.target, status: status, fields: fields, body: body,
            freshness: freshness)
        keep(entry, cache)
        call.source = AnswerSource(entry: entry)
    }

    /// The origin says that nothing has changed.
    private func refresh(with fields: FieldList, _ route: UpstreamRoute, _ cache: RouteCache) {
        guard let stored else { return }
        let updated = stored.fields(updatedBy: fields)
        let freshness = freshness(updated, cache, isNegative: false)
        let entry = stored.updated(updated, freshness)
        if ResponseFreshness.mayBeStored(fields, isOutsideKey: CallKey.isOfOneRequest) {
            keep(entry, cache)
        } else {
            forget(cache)
        }
        call.cacheVerdict = .revalidated
        call.source = AnswerSource(entry: entry)
        call.outcome = entry.answer.outcome
    }

    /// Serves what is stored in place of a failure, if it isn't too old (contract section 6, Fallback ladder).
    /// - Parameter isUnusable: whether the upstream's answer is none that can be read.
    func fallBack(_ route: UpstreamRoute, isUnusable: Bool = false) {
        guard let stored, isUnusable || call.outcome?.isFailure == true,
            stored.freshness.servesOnError(at: call.endedAt.nanoseconds)
        else { return }
        call.cacheVerdict = .stale
        call.source = AnswerSource(entry: stored, isFallback: true)
        call.outcome = stored.answer.outcome
    }
}

extension CallOutcome {
    /// Whether the ladder of fallbacks is for it: any failure but an upstream's 4xx.
    fileprivate var isFailure: Bool {
        switch self {
        case .failed: true
        case .answer(let status, _, _): !(200..<300).contains(status) && !(400..<500).contains(status)
        }
    }
}
