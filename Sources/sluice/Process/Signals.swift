internal import Glibc

/// The signals that end and reload a server. They are blocked before any thread starts, which all threads inherit, and
/// taken one by one on the main thread.
struct Signals {
    private var set = sigset_t()

    /// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those that it starts, and ignores SIGPIPE: a client that
    /// leaves is an error of its `write`, not the end of the process. Ignores SIGCHLD: in a container this may be the
    /// process that orphans are given to, and ignored ones leave nothing behind.
    init() {
        unsafe sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGCHLD, SIG_IGN)
    }

    /// Waits for SIGTERM or SIGINT.
    /// - Parameter onHangUp: called for each SIGHUP meanwhile.
    mutating func waitForEnd(onHangUp: () -> Void) {
        while true {
            var signal: Int32 = 0
            guard unsafe sigwait(&set, &signal) == 0 else { continue }
            if signal != SIGHUP { return }
            onHangUp()
        }
    }

    /// Lets a second SIGINT end the process at once: for an operator who doesn't want to wait for a drain. By a handler,
    /// since the first process of a container doesn't get signals that have none.
    func allowInterrupt() {
        signal(SIGINT) { _ in _exit(130) }
        var interrupt = sigset_t()
        unsafe sigemptyset(&interrupt)
        unsafe sigaddset(&interrupt, SIGINT)
        unsafe pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
    }
}
