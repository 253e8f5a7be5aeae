internal import Configuration
internal import Dispatch
internal import EventLoop
internal import Synchronization
internal import Upstream

extension Gateway {
    /// How long an operation of the console may take, in milliseconds, and how large its answer may be.
    private static let patience = 60_000
    private static let answerLimit = 16 << 20

    var profileField: String { snapshot.configuration.profiles.header }

    func explain(_ request: ExplainRequest) -> Snapshot.Explained { snapshot.explain(request) }

    func ask(
        _ content: [UInt8], fields: [String],
        _ done: @escaping @Sendable (Result<ConsoleReply, ConsoleReply.Failure>) -> Void
    ) {
        guard let path = snapshot.graphQLPath, let address = listeners.withLock({ $0.first?.bound }) else {
            return done(.failure(.init(reason: "This gateway has no GraphQL door.")))
        }
        let scheme = snapshot.tls == nil ? "http" : "https"
        let url = "\(scheme)://\(address.reachable)\(path)"
        let own = [
            "Content-Type: application/json", "Accept: application/json",
            "\(GatewayRequest.inspectionField): \(process.consoleKey)",
        ]
        // A connection of its own on a thread of its own: it is one operator's, and waits.
        DispatchQueue.global().async {
            do throws(DocumentPost.Failure) {
                let answer = try DocumentPost.exchange(
                    content, with: url, fields: own + fields, limit: Self.answerLimit, milliseconds: Self.patience,
                    trustsAnyone: true)
                done(.success(ConsoleReply(status: answer.status, content: answer.content)))
            } catch {
                done(.failure(.init(reason: "The public listener can't be asked: \(error.reason).")))
            }
        }
    }
}

/// What an operation of the console was answered.
struct ConsoleReply: Sendable {
    /// Why there is none.
    struct Failure: Error {
        let reason: String
    }

    let status: Int
    let content: [UInt8]
}

extension SocketAddress {
    /// Where a listener on this address is reached from the same machine, `host:port`.
    fileprivate var reachable: String {
        guard case .ip(let host, let port) = self, host.isUnspecified else { return description }
        return switch host {
        case .v4: "127.0.0.1:\(port)"
        case .v6: "[::1]:\(port)"
        }
    }
}
