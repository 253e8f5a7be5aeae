internal import EventLoop

/// The lines that the demo prints to try.
struct DemoTour {
    let gateway: SocketAddress
    let admin: SocketAddress?
    let flaky: UInt16

    /// Several lines.
    var text: String {
        let base = "http://\(gateway)"
        let operations = "http://\(admin?.description ?? "")"
        return """

            Try, in another terminal:

            # GraphQL: three services, one answer; twenty posts and their authors are two calls
            curl \(base)/graphql -H 'content-type: application/json' -d '{"query": "{ user(id: 1) { name posts(limit: 2) { title } recommendations { reason } } }"}'
            curl \(base)/graphql -H 'content-type: application/json' -d '{"query": "{ feed(limit: 20) { title author { name } } }"}'

            # The same for a TV: a small avatar, no history, and the answer says so
            curl \(base)/graphql -H 'content-type: application/json' -H 'x-device-profile: tv' -d '{"query": "{ user(id: 1) { name avatar history { action } } }"}'

            # REST doors: shaped by a type, a stored operation, trimmed for a TV, streamed through
            curl \(base)/api/v1/users/1
            curl '\(base)/api/v1/home/1?posts=2'
            curl -H 'x-device-profile: tv' \(base)/api/v1/raw/1
            curl \(base)/legacy/export.csv

            # A breaker: make one service fail, ask it a few times, and look
            curl -X POST 'http://127.0.0.1:\(flaky)/mode?fail=100'
            for i in 1 2 3 4 5 6; do curl -s \(base)/graphql -H 'content-type: application/json' -d '{"query": "{ user(id: 1) { name reputation { score } } }"}'; echo; done
            curl '\(operations)/healthz?full=1'

            # Health, metrics, state
            curl \(operations)/readyz
            curl -s \(operations)/metrics | grep sluice_
            curl \(operations)/state

            Ctrl-C ends it. Access lines follow.

            """
    }
}
