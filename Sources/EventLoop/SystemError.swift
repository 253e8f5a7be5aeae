internal import Glibc

/// A system call that failed.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call, as its manual page is named.
    public let call: StaticString
    /// The `errno` it left.
    public let code: Int32

    /// The failure of `call` with `errno` value `code`.
    public init(call: StaticString, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Same call and same code.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.call.description == right.call.description
    }

    /// The call and what the code means.
    public var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }

    /// `result`, unless it is negative.
    /// - Throws: `SystemError` with the current `errno`.
    @discardableResult
    public static func check(_ call: StaticString, _ result: Int32) throws(SystemError) -> Int32 {
        if result < 0 { throw SystemError(call: call, code: errno) }
        return result
    }
}
