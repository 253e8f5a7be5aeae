internal import Bytes
internal import EventLoop

/// HTTP/1.1 in the clear over the loop's own sockets: one send and one receive for a usual exchange, connections kept
/// and used again, last used first.
final class DirectTransport: Transport {
    let loop: EventLoop
    /// Where all connections receive: what is in it is parsed in place and handed on before the next receive.
    let scratch = ByteBuffer(capacity: DirectTransport.receiveSize)
    private var pools: [ConnectionPool?] = []

    /// Bytes received at once. Together with what a slow client's connection holds back this stays well under the 256
    /// KiB that a stream may keep in memory.
    static let receiveSize = 128 << 10

    init(loop: EventLoop) {
        self.loop = loop
    }

    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) -> any TransportCall {
        let pool = pool(for: request.endpoint)
        let connection = pool.take(for: request) ?? DirectConnection(self, pool)
        connection.start(request, receiver)
        return connection
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
