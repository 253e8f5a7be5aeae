/// A reference to whoever owns its holder, and so outlives it. It isn't counted, as an `unowned` one isn't; but that costs
/// two atomic operations at each use, which are a good part of what a small request takes.
///
/// Nobody checks that the owner lives: only for what is handed out by its owner and never without it.
@safe
public struct Owner<Object: AnyObject> {
    @usableFromInline let reference: Unmanaged<Object>

    /// Refers to `object`.
    public init(_ object: Object) {
        unsafe reference = Unmanaged.passUnretained(object)
    }

    /// Gives what `body` makes of the owner.
    @inlinable @inline(__always)
    public func callAsFunction<Result>(_ body: (Object) -> Result) -> Result {
        unsafe reference._withUnsafeGuaranteedRef { body($0) }
    }
}
