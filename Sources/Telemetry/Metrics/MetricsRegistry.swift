internal import Synchronization

/// All metrics of the process; `page(_:)` shows them.
///
/// Asking for a metric that exists already gives the existing one, so that a reloaded configuration goes on counting.
/// Take the lock for that once, when a route or a listener is made; recording into what it returned takes none.
/// Any thread.
public final class MetricsRegistry: Sendable {
    /// What a family's numbers mean.
    public enum Kind: String, Sendable {
        /// They only grow; the name ends in `_total`.
        case counter
        /// They go up and down.
        case gauge
    }

    /// One number read at the time of collection.
    public struct Sample: Sendable {
        /// What tells it from the family's other numbers.
        public let labels: Labels
        /// The number.
        public let value: Double

        /// A number with its labels.
        public init(_ labels: Labels = [:], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    enum Metric {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        /// Shown as one: the sum of them.
        case parts([Histogram])
    }

    struct Family {
        var help: String
        var type: String
        var metrics: [(labels: Labels, metric: Metric)] = []
        var positions: [Labels: Int] = [:]
        var collect: (@Sendable () -> [Sample])?
    }

    let families = Mutex<[String: Family]>([:])

    /// A registry without metrics.
    public init() {}

    // MARK: Making metrics

    /// The counter `name` with these labels. Traps when the name is taken by another type of metric.
    public func counter(_ name: String, help: String, labels: Labels = [:]) -> Counter {
        let metric = metric(name, help: help, type: "counter", labels) { .counter(Counter()) }
        guard case .counter(let counter) = metric else { preconditionFailure("\(name) is not a counter") }
        return counter
    }

    /// Lists the counters `name` on the page also while there are none.
    public func declareCounter(_ name: String, help: String) {
        families.withLock { families in
            if families[name] == nil { families[name] = Family(help: help, type: "counter") }
        }
    }

    /// The gauge `name` with these labels. Traps when the name is taken by another type of metric.
    public func gauge(_ name: String, help: String, labels: Labels = [:]) -> Gauge {
        let metric = metric(name, help: help, type: "gauge", labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = metric else { preconditionFailure("\(name) is not a gauge") }
        return gauge
    }

    /// The histogram of durations `name` (which ends in `_seconds`) with these labels. Traps when the name is taken by
    /// another type of metric.
    public func histogram(
        _ name: String, help: String, labels: Labels = [:], bounds: Histogram.Bounds = .latency
    ) -> Histogram {
        let metric = metric(name, help: help, type: "histogram", labels) { .histogram(Histogram(bounds)) }
        guard case .histogram(let histogram) = metric else { preconditionFailure("\(name) is not a histogram") }
        return histogram
    }

    /// A histogram `name` of its own for the caller, who alone records into it; the page shows the sum of all that were
    /// asked for under the name. Traps when the name is taken by another type of metric.
    public func histogramPart(_ name: String, help: String, bounds: Histogram.Bounds) -> Histogram {
        let part = Histogram(bounds)
        families.withLock { families in
            var family = families[name] ?? Family(help: help, type: "histogram")
            if family.metrics.isEmpty { family.metrics = [([:], .parts([]))] }
            guard case .parts(let parts) = family.metrics[0].metric else {
                preconditionFailure("\(name) is not a histogram of parts")
            }
            family.metrics[0].metric = .parts(parts + [part])
            families[name] = family
        }
        return part
    }

    /// Reads the family `name` when the page is asked for, by calling `samples` on the asking thread. A later call with
    /// the same name replaces the earlier one.
    public func collect(
        _ name: String, help: String, kind: Kind = .gauge, _ samples: @escaping @Sendable () -> [Sample]
    ) {
        families.withLock {
            $0[name] = Family(help: help, type: kind.rawValue, collect: samples)
        }
    }

    private func metric(
        _ name: String, help: String, type: String, _ labels: Labels, _ make: () -> Metric
    ) -> Metric {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, type: type)
            if let position = family.positions[labels] { return family.metrics[position].metric }
            precondition(family.type == type, "\(name) is a \(family.type)")
            let metric = make()
            family.positions[labels] = family.metrics.count
            family.metrics.append((labels, metric))
            families[name] = family
            return metric
        }
    }
}
