/// The clock of the policies counts nanoseconds.
let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000
