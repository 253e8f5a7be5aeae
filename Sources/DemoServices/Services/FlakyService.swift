/// A service that fails as often as it is told to, and in the way it is told to, so that one can watch what a gateway
/// does about it.
///
/// `GET /reputation/{id}` · `GET /mode` · `POST /mode?fail=100&how=status`
///
/// `fail` is the percentage of calls that fail, spread evenly: with 33 every third. `how` is one of `status` (503),
/// `slow` (the answer comes after 2 s), `reset` (the connection is cut in mid-answer) and `mixed` (these in turn).
final class FlakyService: DemoService {
    enum Fault: String, CaseIterable {
        case status
        case slow
        case reset
        case mixed
    }

    /// Milliseconds that a slow answer takes.
    static let slowDelay: UInt64 = 2000

    private var share = 34
    private var fault = Fault.status
    /// Hundredths of a failure that are due.
    private var due = 0
    private var failures = 0
    private var calls = 0

    func answer(_ request: DemoRequest) -> DemoAnswer {
        if request.path == ["mode"] {
            guard ["GET", "POST"].contains(request.method) else { return .notAllowed("GET, HEAD, POST") }
            return request.method == "POST" ? changeMode(request) : mode
        }
        guard request.path.count == 2, request.path[0] == "reputation" else { return .notFound }
        guard request.method == "GET" else { return .notAllowed("GET, HEAD") }
        guard let user = Int(request.path[1]), UserData.user(request.path[1]) != nil else { return .notFound }
        calls += 1
        due += share
        guard due >= 100 else { return reputation(of: user) }
        due -= 100
        failures += 1
        return failure(of: user)
    }

    private func reputation(of user: Int) -> DemoAnswer {
        let badges: [JSONValue] = ["gold", "silver", .null]
        return .json([
            "score": .number("\(user % 5).\(user % 10)"), "badge": badges[user % badges.count],
            "reviews": .integer(user * 17),
        ])
    }

    private func failure(of user: Int) -> DemoAnswer {
        var fault = fault
        if fault == .mixed { fault = [.status, .slow, .reset][failures % 3] }
        switch fault {
        case .slow:
            var answer = reputation(of: user)
            answer.delay = Self.slowDelay
            return answer
        case .reset:
            var answer = reputation(of: user)
            answer.isCut = true
            return answer
        case .status, .mixed:
            return .error(503, "out of order")
        }
    }

    private var mode: DemoAnswer {
        .json([
            "fail": .integer(share), "how": .string(fault.rawValue), "calls": .integer(calls),
            "failures": .integer(failures),
        ])
    }

    private func changeMode(_ request: DemoRequest) -> DemoAnswer {
        if let text = request.parameter("fail") {
            let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
            guard let share = Int(digits), (0...100).contains(share) else {
                return .error(400, "fail is a percentage from 0 to 100")
            }
            self.share = share
            due = 0
        }
        if let text = request.parameter("how") {
            guard let fault = Fault(rawValue: text) else {
                return .error(400, "how is one of \(Fault.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            self.fault = fault
        }
        return mode
    }
}
