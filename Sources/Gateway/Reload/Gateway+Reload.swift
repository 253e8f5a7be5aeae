internal import Configuration
internal import Dispatch
internal import EventLoop
internal import HTTPServer
internal import Planning
internal import Synchronization
internal import Telemetry

/// Changing the configuration of a running gateway.
///
/// Everything that can fail comes first and aside: reading and checking, binding new addresses. Then every shard takes
/// the new snapshot, and only then is let go what it no longer needs.
extension Gateway {
    /// Documents whose plans a shard has ready when it begins on a new snapshot.
    private static let warmDocuments = 100

    /// Reads the configuration again and serves it if it is good; else the old one stays. One at a time. Not to be called
    /// on a loop's thread.
    @discardableResult
    public func reload() -> ReloadOutcome {
        reloads.sync {
            let (outcome, retired) = perform()
            retired?.stop()
            return outcome
        }
    }

    func reload(_ done: @escaping @Sendable (ReloadOutcome) -> Void) -> Bool {
        guard source != nil else { return false }
        reloads.async { [self] in
            let (outcome, retired) = perform()
            // The one who asked may have done so by the listener that goes.
            done(outcome)
            retired?.stop()
        }
        return true
    }

    /// Reloads on the queue's thread. An admin listener that is no longer needed is the caller's to stop.
    private func perform() -> (ReloadOutcome, retired: AdminServer?) {
        var retired: AdminServer?
        let outcome = next(&retired)
        reloadMetrics.record(outcome)
        lastReload.withLock { $0 = LastReload(time: .now, outcome: outcome) }
        switch outcome {
        case .reloaded(let generation, let warnings) where warnings.isEmpty:
            serverLog.write(.info, "configuration reloaded", ["generation": "\(generation)"])
        case .reloaded(let generation, let warnings):
            serverLog.write(
                .warn, "configuration reloaded with warnings", ["generation": "\(generation)", "problems": warnings])
        case .refused(let reason):
            serverLog.write(.error, "configuration not reloaded; the old one stays", ["problems": reason])
        }
        return (outcome, retired)
    }

    private func next(_ retired: inout AdminServer?) -> ReloadOutcome {
        guard current == .serving else { return .refused("The gateway is not serving any more.") }
        guard let source else { return .refused("There is no file to read the configuration from.") }
        let previous = snapshot
        let checked = source.load(metrics: process.registry, previous: previous)
        refusedFiles.withLock { $0 = checked.snapshot == nil ? checked.files : [] }
        guard let next = checked.snapshot else { return .refused(checked.report.printout) }
        let opened: [Listening]
        do throws(ListenError) {
            opened = try openListeners(next)
        } catch {
            return .refused(error.message)
        }
        do throws(ListenError) {
            retired = try replaceAdmin(next)
        } catch {
            for listening in opened { stopListening(on: listening.bound) }
            return .refused(error.message)
        }
        serve(next, after: previous)
        closeListeners(except: next.configuration.server.listen.map(\.value), opened)
        return .reloaded(generation: next.generation, warnings: checked.report.printout)
    }

    /// Hands `next` to every shard, with the plans that its clients will ask for first.
    private func serve(_ next: Snapshot, after previous: Snapshot) {
        adopt(next)
        let settings = serverSettings(next)
        let tracer = process.tracer(next.configuration.telemetry)
        let redis = process.redis.adopt(next.configuration)
        for shard in shards {
            let (used, seed) = shard.onLoop { shard in
                (shard.served.plans.mostUsed(Self.warmDocuments), shard.identifiers.next())
            }
            let served = ServedSnapshot(next, seed: seed, tracer, redis)
            served.warm(used, previous: previous, LimitMetrics(process.registry))
            shard.take(served, settings)
        }
    }

    // MARK: Listeners

    /// Listens where `next` wants it and the gateway doesn't yet.
    private func openListeners(_ next: Snapshot) throws(ListenError) -> [Listening] {
        let known = listeners.withLock { $0.map(\.configured) }
        var opened: [Listening] = []
        for address in next.configuration.server.listen where !known.contains(address.value) {
            do throws(ListenError) {
                opened.append(try listen(on: address.value))
            } catch {
                for listening in opened { stopListening(on: listening.bound) }
                throw error
            }
        }
        return opened
    }

    private func closeListeners(except wanted: [ListenAddress], _ opened: [Listening]) {
        let gone = listeners.withLock { listeners in
            let gone = listeners.filter { !wanted.contains($0.configured) }
            listeners = listeners.filter { wanted.contains($0.configured) } + opened
            return gone
        }
        for listening in gone { stopListening(on: listening.bound) }
    }

    /// Starts the admin listener of `next` where it is another one; gives the one that it replaces.
    private func replaceAdmin(_ next: Snapshot) throws(ListenError) -> AdminServer? {
        let wanted = next.configuration.admin?.listen.value
        guard wanted != admin.withLock({ $0?.configured }) else { return nil }
        let replacement: AdminListening?
        if let wanted { replacement = try makeAdmin(wanted) } else { replacement = nil }
        return admin.withLock { admin in
            let old = admin?.server
            admin = replacement
            return old
        }
    }
}
