/// One recorded value and the trace that it belongs to, by which a reader gets from a number to an example of it
/// (OpenMetrics 1.0, "Exemplars").
struct Exemplar: Hashable, Sendable {
    /// The trace.
    let trace: TraceContext
    /// What was recorded, in the histogram's own unit.
    let value: UInt64
    /// When.
    let time: WallTime
}
