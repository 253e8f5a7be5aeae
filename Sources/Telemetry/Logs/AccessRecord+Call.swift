internal import Bytes

extension AccessRecord {
    /// One call to an upstream, all its tries together.
    public struct UpstreamCall: Sendable {
        /// What was called.
        public let subject: CallSubject
        /// The answer's status; nil if none came.
        public var status: Int?
        /// Nanoseconds from the start of the first try to the end of the last.
        public var duration: UInt64
        /// Tries made.
        public var attempts: Int
        /// Tries that were sent a second time because they were slow; told only where there are some.
        public var hedges: Int
        /// Where the answer came from, told only where the cache or another call had a part in it.
        public var cache: StaticString?
        /// Bytes of content that were sent.
        public var sent = 0
        /// Bytes of content that were answered; those of a stored answer too.
        public var received = 0
        /// When it was started, in nanoseconds of the monotonic clock.
        public var start: UInt64 = 0
        /// Its span in the request's trace; 0 where it is not traced.
        public var span: UInt64 = 0
        /// Where its tries stand among those of the request; none where it is not traced.
        var tries = 0..<0

        /// One call; `duration` in nanoseconds.
        public init(
            _ subject: CallSubject, status: Int?, duration: UInt64, attempts: Int, hedges: Int = 0,
            cache: StaticString? = nil
        ) {
            self.subject = subject
            self.status = status
            self.duration = duration
            self.attempts = attempts
            self.hedges = hedges
            self.cache = cache
        }

        /// Appends its part of an access line. Inlined, so that an element of an array needn't be copied for it.
        @inline(__always) func append(to line: ByteBuffer) {
            line.append(subject.lineHead)
            line.append(decimalOrNull: status)
            line.append(",\"duration_ms\":")
            line.appendMilliseconds(duration)
            line.append(",\"attempts\":")
            line.append(decimal: attempts)
            if hedges > 0 {
                line.append(",\"hedges\":")
                line.append(decimal: hedges)
            }
            if let cache {
                line.append(",\"cache\":\"")
                line.append(cache)
                line.append(UInt8(ascii: "\""))
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    /// One try of a call.
    public struct Try: Sendable {
        /// When it began, in nanoseconds of the monotonic clock.
        public var start: UInt64
        /// Nanoseconds that it took.
        public var duration: UInt64
        /// The answer's status; nil if none came.
        public var status: Int?

        /// One try.
        public init(start: UInt64, duration: UInt64, status: Int?) {
            self.start = start
            self.duration = duration
            self.status = status
        }
    }
}
