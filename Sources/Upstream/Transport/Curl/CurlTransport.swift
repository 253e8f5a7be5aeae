internal import CLibCurl
internal import CLinux
internal import EventLoop
internal import Glibc

/// HTTP through libcurl's multi interface on the loop: for TLS and HTTP/2.
///
/// libcurl must not be called from its own callbacks, but what a callback reports may lead to any call. So while
/// libcurl runs, what is asked of it waits until it has returned.
@safe
final class CurlTransport: Transport {
    let loop: EventLoop
    private var multi: UnsafeMutableRawPointer?
    /// By descriptor.
    private var sockets: [CurlSocket?] = []
    /// Finished transfers with their handles, by endpoint.
    private var idle: [[CurlTransfer]] = []
    private var active: [ObjectIdentifier: CurlTransfer] = [:]
    private var isRunning = false
    private var waiting: [() -> Void] = []
    private lazy var timer = LoopTimer(loop) { [unowned self] in timeRanOut() }

    static let isAvailable = sluice_curl_global_init() == CURLE_OK
    private static let maximumIdleHandles = 64

    init(loop: EventLoop) {
        self.loop = loop
        guard Self.isAvailable, let multi = unsafe curl_multi_init() else { return }
        unsafe self.multi = multi
        unsafe sluice_curl_multi_set_functions(
            multi,
            { _, descriptor, what, context, _ in
                unsafe CurlTransport.from(context)?.watch(descriptor, what)
                return 0
            },
            { _, milliseconds, context in
                unsafe CurlTransport.from(context)?.setTimer(milliseconds)
                return 0
            }, context)
        unsafe sluice_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 512)
    }

    deinit {
        cleanUp()
    }

    private var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransport? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<CurlTransport>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: Transfers

    func start(_ request: TransportRequest, _ receiver: any TransportReceiver) -> any TransportCall {
        let slot = request.endpoint.slot
        while idle.count <= slot { idle.append([]) }
        let transfer = idle[slot].popLast() ?? newTransfer(request.endpoint)
        active[ObjectIdentifier(transfer)] = transfer
        transfer.begin(request, receiver)
        perform { [self] in
            guard transfer.isWanted else { return release(transfer) }
            guard let multi = unsafe multi, let handle = unsafe transfer.handle,
                unsafe curl_multi_add_handle(multi, handle) == CURLM_OK
            else {
                loop.atEndOfTick { self.finish(transfer, CURLE_FAILED_INIT) }
                return
            }
            transfer.isAdded = true
        }
        return transfer
    }

    private func newTransfer(_ endpoint: Endpoint) -> CurlTransfer {
        let transfer = CurlTransfer(self, endpoint)
        guard let handle = unsafe transfer.handle else { return transfer }
        let open: sluice_curl_open_function =
            if endpoint.isPublic {
                { context, _, address in unsafe CurlTransport.from(context)?.openPublicSocket(address) ?? -1 }
            } else {
                { context, _, address in unsafe CurlTransport.from(context)?.openSocket(address) ?? -1 }
            }
        unsafe sluice_curl_set_socket_functions(
            handle, open,
            { context, descriptor in
                unsafe CurlTransport.from(context)?.closeSocket(descriptor)
                return 0
            }, context)
        return transfer
    }

    /// Ends a transfer that nobody wants any more.
    func drop(_ transfer: CurlTransfer) {
        perform { [self] in release(transfer) }
    }

    private func release(_ transfer: CurlTransfer) {
        guard active.removeValue(forKey: ObjectIdentifier(transfer)) != nil else { return }
        if transfer.isAdded, let multi = unsafe multi, let handle = unsafe transfer.handle {
            unsafe curl_multi_remove_handle(multi, handle)
        }
        transfer.isAdded = false
        transfer.forget()
        if idle[transfer.slot].count < Self.maximumIdleHandles { idle[transfer.slot].append(transfer) }
    }

    private func finish(_ transfer: CurlTransfer, _ result: CURLcode) {
        guard transfer.isWanted else { return release(transfer) }
        let report = transfer.report(of: result)
        release(transfer)
        report()
    }

    /// Lets a transfer go on, or pauses it, in the directions of `mask`.
    func setPause(_ transfer: CurlTransfer, _ mask: @escaping () -> Int32) {
        perform { [self] in
            guard transfer.isAdded, transfer.isWanted, let handle = unsafe transfer.handle else { return }
            run { _ = unsafe curl_easy_pause(handle, mask()) }
        }
    }

    /// libcurl closes old connections only when it looks for one: those that go back to a retired server's place are
    /// not kept (`CurlOptions`), those that are idle end when their server closes them.
    func closeRetired() {
        for slot in idle.indices where idle[slot].first?.endpoint.place.isRetired == true { idle[slot] = [] }
    }

    func close() {
        perform { [self] in
            let running = Array(active.values)
            cleanUp()
            for transfer in running { finish(transfer, CURLE_RECV_ERROR) }
        }
    }

    /// Lets go of libcurl and all its connections; what is started from now on fails.
    private func cleanUp() {
        guard let multi = unsafe multi else { return }
        for transfer in active.values where transfer.isAdded {
            if let handle = unsafe transfer.handle { unsafe curl_multi_remove_handle(multi, handle) }
            transfer.isAdded = false
        }
        unsafe self.multi = nil
        unsafe curl_multi_cleanup(multi)
        timer.cancel()
        idle = idle.map { _ in [] }
    }

    // MARK: Running libcurl

    /// Does `work` now, or once libcurl has returned.
    func perform(_ work: @escaping () -> Void) {
        if isRunning { waiting.append(work) } else { work() }
    }

    private func run(_ action: () -> Void) {
        isRunning = true
        action()
        isRunning = false
        settle()
    }

    /// Reports what has finished and does what has waited.
    private func settle() {
        while !waiting.isEmpty {
            let work = waiting
            waiting.removeAll(keepingCapacity: true)
            for item in work { perform(item) }
        }
        var result = CURLE_OK
        while let multi = unsafe multi, let handle = unsafe sluice_curl_multi_next_finished(multi, &result) {
            guard let context = unsafe sluice_curl_get_private(handle) else { continue }
            finish(unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue(), result)
        }
    }

    private func timeRanOut() {
        act(on: -1, 0)
    }

    fileprivate func act(on descriptor: Int32, _ events: Int32) {
        guard let multi = unsafe multi else { return }
        var count: Int32 = 0
        run { _ = unsafe curl_multi_socket_action(multi, descriptor, events, &count) }
    }

    private func setTimer(_ milliseconds: Int) {
        if milliseconds < 0 { return timer.cancel() }
        timer.schedule(at: loop.now.advanced(byNanoseconds: UInt64(milliseconds) * 1_000_000))
    }

    // MARK: Descriptors

    private func watch(_ descriptor: Int32, _ what: Int32) {
        guard descriptor >= 0 else { return }
        if what == Int32(CURL_POLL_REMOVE) {
            guard let socket = socket(descriptor), socket.stopWanting() else { return }
            sockets[Int(descriptor)] = nil
            return
        }
        var interest: Readiness = []
        if what & Int32(CURL_POLL_IN) != 0 { interest.insert(.readable) }
        if what & Int32(CURL_POLL_OUT) != 0 { interest.insert(.writable) }
        (socket(descriptor) ?? remember(descriptor, isOurs: false)).want(interest)
    }

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> Int32 {
        guard let address = unsafe address else { return -1 }
        let type = unsafe address.pointee.socktype | Int32(sluice_SOCK_CLOEXEC)
        let descriptor = unsafe Glibc.socket(address.pointee.family, type, address.pointee.protocol)
        if descriptor >= 0 { _ = remember(descriptor, isOurs: true) }
        return descriptor
    }

    /// A socket for an address of the internet; none for others, whatever a name has come to stand for.
    private func openPublicSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> Int32 {
        // What stands at `addr` is as long as `addrlen` says, not as long as its type.
        guard let address = unsafe address, let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else {
            return -1
        }
        let length = unsafe Int(address.pointee.addrlen)
        let raw = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(address).advanced(by: offset), count: length)
        return unsafe SocketAddress.read(raw, length)?.ip?.isPublic == true ? unsafe openSocket(address) : -1
    }

    private func closeSocket(_ descriptor: Int32) {
        if let socket = socket(descriptor) {
            socket.forget(closing: true)
            sockets[Int(descriptor)] = nil
        }
        Glibc.close(descriptor)
    }

    private func socket(_ descriptor: Int32) -> CurlSocket? {
        descriptor >= 0 && Int(descriptor) < sockets.count ? sockets[Int(descriptor)] : nil
    }

    private func remember(_ descriptor: Int32, isOurs: Bool) -> CurlSocket {
        while sockets.count <= Int(descriptor) { sockets.append(nil) }
        let socket = CurlSocket(self, descriptor, isOurs: isOurs)
        sockets[Int(descriptor)] = socket
        return socket
    }
}

/// A descriptor that libcurl waits for.
///
/// libcurl takes its connections out of epoll between two transfers, which costs two system calls each; so those that
/// it opened through us stay registered until it closes them. Others (its resolver's) come and go behind our back and
/// are taken at their word.
private final class CurlSocket: ReadinessHandler {
    private unowned let transport: CurlTransport
    private let descriptor: Int32
    private let isOurs: Bool
    private var isRegistered = false
    /// What libcurl waits for; nothing between transfers.
    private var wanted: Readiness = []

    init(_ transport: CurlTransport, _ descriptor: Int32, isOurs: Bool) {
        self.transport = transport
        self.descriptor = descriptor
        self.isOurs = isOurs
    }

    func want(_ interest: Readiness) {
        wanted = interest
        if isRegistered { return transport.loop.update(descriptor, interest) }
        do throws(SystemError) {
            try transport.loop.register(descriptor, interest, self)
            isRegistered = true
        } catch {
            // Without epoll's help the transfer ends by its timeout.
            isRegistered = false
        }
    }

    /// libcurl doesn't wait for it any more.
    /// - Returns: whether that was the last of it.
    func stopWanting() -> Bool {
        wanted = []
        if isOurs { return false }
        forget(closing: false)
        return true
    }

    func forget(closing: Bool) {
        if isRegistered { transport.loop.deregister(descriptor, closing: closing) }
        isRegistered = false
    }

    func ready(_ events: Readiness) {
        if wanted.isEmpty {
            // Closed by the upstream while idle; libcurl sees that when it wants to use it again.
            return forget(closing: false)
        }
        var mask: Int32 = 0
        if !events.isDisjoint(with: [.readable, .hangUp, .peerClosed]) { mask |= Int32(CURL_CSELECT_IN) }
        if events.contains(.writable) { mask |= Int32(CURL_CSELECT_OUT) }
        if events.contains(.failed) { mask |= Int32(CURL_CSELECT_ERR) }
        transport.act(on: descriptor, mask)
    }
}
