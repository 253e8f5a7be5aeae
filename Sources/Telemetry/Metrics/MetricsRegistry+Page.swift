internal import Bytes
internal import Synchronization

extension MetricsRegistry {
    /// How the page is written.
    public enum Format: Sendable {
        /// Prometheus' text format, version 0.0.4. It has no exemplars.
        case text
        /// OpenMetrics 1.0, with exemplars.
        case openMetrics

        /// The page's content type.
        public var contentType: StaticString {
            switch self {
            case .text: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    /// Every metric as text, families sorted by name. Any thread.
    public func page(_ format: Format = .text) -> [UInt8] {
        // Collectors run outside the lock: they may take locks of their own.
        let families = families.withLock { $0 }.sorted { $0.key < $1.key }
        let page = MetricsPage(format)
        for (name, family) in families {
            page.begin(name, family)
            for (labels, metric) in family.metrics {
                switch metric {
                case .counter(let counter): page.append(name, labels) { $0.append(decimal: UInt(counter.value)) }
                case .gauge(let gauge): page.append(name, labels) { $0.append(decimal: gauge.value) }
                case .histogram(let histogram): page.append(name, labels, histogram.bounds, histogram.reading)
                case .parts(let parts):
                    guard var sum = parts.first?.reading else { continue }
                    for part in parts.dropFirst() { sum.add(part.reading) }
                    page.append(name, labels, parts[0].bounds, sum)
                }
            }
            for sample in family.collect?() ?? [] {
                page.append(name, sample.labels) { $0.appendNumber(sample.value) }
            }
        }
        page.end()
        return unsafe page.bytes.withUnsafeBytes { unsafe Array($0) }
    }
}

/// The page while it is written.
private struct MetricsPage {
    let bytes = ByteBuffer(capacity: 16 << 10)
    private let format: MetricsRegistry.Format

    init(_ format: MetricsRegistry.Format) {
        self.format = format
    }

    /// Says what a family is. OpenMetrics calls a counter's family by its name without `_total`.
    func begin(_ name: String, _ family: MetricsRegistry.Family) {
        var name = name
        var help = family.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        if format == .openMetrics {
            if family.type == "counter", name.hasSuffix("_total") { name.removeLast(6) }
            help = help.replacing("\"", with: "\\\"")
        }
        bytes.append("# HELP \(name) \(help)\n# TYPE \(name) \(family.type)\n")
    }

    func end() {
        if format == .openMetrics { bytes.append("# EOF\n") }
    }

    func append(_ name: String, _ labels: Labels, _ value: (ByteBuffer) -> Void) {
        append(name, "", labels)
        value(bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    func append(
        _ name: String, _ labels: Labels, _ bounds: Histogram.Bounds, _ reading: Histogram.Reading
    ) {
        var count: UInt64 = 0
        for (index, values) in reading.buckets.enumerated() {
            count &+= values
            let bound = ByteBuffer(capacity: 32)
            if index < bounds.values.count {
                bound.appendValue(bounds.values[index], bounds.unit)
            } else {
                bound.append("+Inf")
            }
            append(name, "_bucket", labels, bound: bound.string)
            bytes.append(decimal: UInt(count))
            if format == .openMetrics, !reading.exemplars.isEmpty, let exemplar = reading.exemplars[index] {
                append(exemplar, bounds.unit)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        append(name, "_sum", labels)
        bytes.appendValue(reading.sum, bounds.unit)
        bytes.append(UInt8(ascii: "\n"))
        append(name, "_count", labels)
        bytes.append(decimal: UInt(count))
        bytes.append(UInt8(ascii: "\n"))
    }

    private func append(_ exemplar: Exemplar, _ unit: Histogram.Bounds.Unit) {
        bytes.append(" # {trace_id=\"")
        exemplar.trace.appendTraceID(to: bytes)
        bytes.append("\",span_id=\"")
        bytes.appendHex(exemplar.trace.span)
        bytes.append("\"} ")
        bytes.appendValue(exemplar.value, unit)
        bytes.append(UInt8(ascii: " "))
        bytes.appendSeconds(exemplar.time.nanoseconds)
    }

    /// What stands before a sample's value.
    private func append(
        _ name: String, _ suffix: StaticString, _ labels: Labels, bound: String? = nil
    ) {
        bytes.append(name)
        bytes.append(suffix)
        if bound != nil || !labels.text.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes.append(labels.text)
            if let bound { bytes.append("\(labels.text.isEmpty ? "" : ",")le=\"\(bound)\"") }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
    }
}

extension ByteBuffer {
    fileprivate func appendValue(_ value: UInt64, _ unit: Histogram.Bounds.Unit) {
        switch unit {
        case .nanoseconds: appendSeconds(value)
        case .ones: append(decimal: UInt(value))
        }
    }

    fileprivate func appendNumber(_ number: Double) {
        if number.isNaN {
            append("NaN")
        } else if number.isInfinite {
            append(number < 0 ? "-Inf" : "+Inf")
        } else if let whole = Int(exactly: number) {
            append(decimal: whole)
        } else {
            append(number.description)
        }
    }
}
