internal import Bytes
internal import EventLoop

/// HTTP/1.1 in the clear over the loop's own sockets: one send and one receive for a usual exchange, connections kept
/// and used again, last used first.
final class DirectTransport: Transport {
    let loop: EventLoop
    /// Where all connections receive: what is in it is parsed in place and handed on before the next receive.
    let scratch = ByteBuffer(capacity: DirectTransport.receiveSize)
    /// Where they receive the beginning of an answer whose content is gathered: its storage is handed over with the
    /// content in it.
    let gathering = ByteBuffer(capacity: DirectTransport.gatheredSize)
    private var pools: [ConnectionPool?] = []
    /// Connections with a request that hasn't been sent.
    private var unsent: [DirectConnection] = []
    private var sendAll: () -> Void = {}

    /// Bytes received at once. Together with what a slow client's connection holds back this stays well under the 256
    /// KiB that a stream may keep in memory.
    static let receiveSize = 128 << 10
    /// Bytes received at once of an answer whose content is gathered: most are smaller, and what is longer is received
    /// where it stays.
    static let gatheredSize = 32 << 10
    /// Bytes from which on handing the storage over is cheaper than copying; less would only keep storage from others.
    static let handedOver = 4 << 10

    init(loop: EventLoop) {
        self.loop = loop
        sendAll = { [unowned self] in sendUnsent() }
    }

    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) -> any TransportCall {
        let pool = pool(for: request.endpoint)
        let connection = pool.take(for: request) ?? DirectConnection(self, pool)
        connection.start(request, receiver)
        return connection
    }

    /// Sends the request of `connection` at the end of the tick, one after the other with those of other calls.
    func sendLater(_ connection: DirectConnection) {
        if unsent.isEmpty { loop.atEndOfTick(sendAll) }
        unsent.append(connection)
    }

    private func sendUnsent() {
        var index = 0
        while index < unsent.count {
            unsent[index].sendUnsent()
            index += 1
        }
        unsent.removeAll(keepingCapacity: true)
    }

    func close() {
        for pool in pools { pool?.close() }
    }

    func closeRetired() {
        for pool in pools { pool?.closeIfRetired() }
    }

    private func pool(for endpoint: Endpoint) -> ConnectionPool {
        let slot = endpoint.slot
        while pools.count <= slot { pools.append(nil) }
        if let pool = pools[slot] { return pool }
        let pool = ConnectionPool(loop, endpoint.place)
        pools[slot] = pool
        return pool
    }
}
