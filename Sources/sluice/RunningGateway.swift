internal import EventLoop
internal import Gateway
internal import Telemetry

/// A gateway that listens, from its start to the end of its drain.
struct RunningGateway {
    private let gateway: Gateway
    /// Made before anyone is told that the gateway is there: a change from then on is seen.
    private let watcher: ConfigurationWatcher
    /// Where it listens for clients.
    let addresses: [SocketAddress]

    /// Starts it; nil where it can't be, after the reason has been printed.
    /// - Parameter shards: one for each processor unless given.
    init?(_ loaded: LoadedGateway, shards: Int?) {
        ProcessResources.raiseDescriptorLimit()
        do throws(SystemError) {
            gateway = try Gateway(
                loaded.snapshot, metrics: loaded.metrics, source: loaded.source,
                shards: shards ?? ProcessResources.processors)
        } catch {
            Terminal.complain("sluice: can't start: \(error)")
            return nil
        }
        watcher = ConfigurationWatcher(gateway)
        do throws(Gateway.ListenError) {
            addresses = try gateway.start()
        } catch {
            Terminal.complain("sluice: \(error.message)")
            return nil
        }
    }

    /// Where the admin listener is, if there is one.
    var adminAddress: SocketAddress? { gateway.adminAddress }

    /// Prints one line for each listener.
    func announce() {
        let scheme = gateway.isSecure ? "https" : "http"
        for address in addresses { Terminal.print("sluice: listening on \(scheme)://\(address)") }
        if let adminAddress { Terminal.print("sluice: admin on http://\(adminAddress)") }
    }

    /// Serves until SIGTERM or SIGINT and ends the requests under way; a second SIGINT doesn't wait for them.
    /// - Parameter isWatching: whether a change of the configuration's files reloads it, as SIGHUP does.
    func serve(_ signals: inout Signals, isWatching: Bool = false) {
        if isWatching { watcher.start() }
        ServiceManager.notify(.ready)
        signals.waitForEnd {
            ServiceManager.notify(.reloading)
            _ = gateway.reload()
            ServiceManager.notify(.ready)
        }
        ServiceManager.notify(.stopping)
        watcher.stop()
        gateway.serverLog.write(.info, "draining")
        signals.allowInterrupt()
        gateway.drain()
    }
}
