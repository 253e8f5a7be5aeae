/// A value of one loop's thread, carried through code that the compiler can't see to be on that thread: the closure of
/// a task that starts on the loop, mostly.
///
/// The value is only touched where it is unwrapped, and that checks the thread.
@safe
public struct LoopConfined<Value>: @unchecked Sendable {
    private let value: Value
    private let loop: EventLoop

    /// Wraps `value`. Call it on the thread of `loop`, or where nothing else knows the value any more.
    public init(_ value: Value, to loop: EventLoop) {
        self.value = value
        self.loop = loop
    }

    /// The value. Traps off the loop's thread.
    public var unwrapped: Value {
        precondition(loop.isCurrent, "a value of one event loop was touched from another thread")
        return value
    }
}
