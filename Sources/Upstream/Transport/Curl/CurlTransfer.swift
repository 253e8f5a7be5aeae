internal import Bytes
internal import CLibCurl
internal import EventLoop
internal import HTTP

/// One easy handle, set up for one endpoint, and the exchange on it.
@safe
final class CurlTransfer: TransportCall {
    /// Bytes of a streamed body that wait before the sender is asked to wait too.
    private static let highWater = 64 << 10

    let endpoint: Endpoint
    var slot: Int { endpoint.slot }
    /// The easy handle; nil when libcurl had none to give.
    let handle: UnsafeMutableRawPointer?
    /// Whether libcurl has it at the moment.
    var isAdded = false
    private unowned let transport: CurlTransport

    // The exchange.
    private var request: TransportRequest?
    private var receiver: (any TransportReceiver)?
    private var headReader = CurlHeadReader()
    private var fault: TransportFailure.Kind?
    private var hasReceived = false
    /// What the handle was set to, freed after it.
    private var connectTo: UnsafeMutablePointer<curl_slist>?
    private var fieldLines: UnsafeMutablePointer<curl_slist>?
    /// The body, or what has come of it and isn't sent: a copy, because libcurl may read it until it has let go.
    private let upload = ByteBuffer(capacity: 16)
    private var isStreaming = false
    private var isUploadComplete = true
    /// libcurl has asked for more of the body and got nothing.
    private var isSendingHalted = false
    /// The sender waits to be told that there is room.
    private var isSenderWaiting = false
    private var isPaused = false
    /// libcurl holds content back because of `isPaused`.
    private var isReceivingHalted = false

    init(_ transport: CurlTransport, _ endpoint: Endpoint) {
        self.transport = transport
        self.endpoint = endpoint
        unsafe handle = curl_easy_init()
        if let handle = unsafe handle { unsafe setUp(handle, endpoint) }
    }

    deinit {
        if let handle = unsafe handle { unsafe curl_easy_cleanup(handle) }
        unsafe curl_slist_free_all(fieldLines)
        unsafe curl_slist_free_all(connectTo)
    }

    /// Whether somebody still waits for it.
    var isWanted: Bool { receiver != nil }

    // MARK: Setting up

    private func setUp(_ handle: UnsafeMutableRawPointer, _ endpoint: Endpoint) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sluice_curl_set_pointer(handle, CURLOPT_PRIVATE, context)
        unsafe sluice_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe sluice_curl_set_pointer(handle, CURLOPT_READDATA, context)
        unsafe sluice_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.from(context)?.receivedLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
                ?? 0
        }
        unsafe sluice_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.from(context)?.received(UnsafeRawBufferPointer(start: bytes, count: size * count))
                ?? 0
        }
        unsafe sluice_curl_set_data_function(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.from(context)?
                .fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? sluice_CURL_READ_ABORT
        }
        unsafe connectTo = CurlOptions.apply(to: handle, endpoint)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Readies the handle for `request`.
    func begin(_ request: TransportRequest, _ receiver: any TransportReceiver) {
        self.request = request
        self.receiver = receiver
        headReader = CurlHeadReader()
        fault = nil
        hasReceived = false
        isPaused = false
        isReceivingHalted = false
        isSendingHalted = false
        isSenderWaiting = false
        isStreaming = false
        isUploadComplete = true
        upload.clear()
        switch request.body {
        case .none: break
        case .whole(let body): upload.append(body)
        case .stream:
            isStreaming = true
            isUploadComplete = false
        }
        guard let handle = unsafe handle else { return }
        let lines = unsafe CurlOptions.fieldLines(of: request)
        unsafe CurlOptions.apply(request, upload: upload, lines, now: transport.loop.now, to: handle)
        unsafe curl_slist_free_all(fieldLines)
        unsafe fieldLines = lines
    }

    /// Lets go of the exchange; the handle is kept for the next.
    func forget() {
        request = nil
        receiver = nil
        upload.clear()
        upload.shrink(to: 64 << 10)
    }

    // MARK: Callbacks of libcurl

    private func receivedLine(_ line: UnsafeRawBufferPointer) -> Int {
        hasReceived = true
        guard let request, let receiver else { return 0 }
        do throws(CurlHeadReader.Fault) {
            let isComplete = try headReader.read(unsafe RawSpan(_unsafeBytes: line), request)
            if isComplete { receiver.head() }
        } catch {
            fault = error == .tooLarge ? .headTooLarge : .protocolError
            return 0
        }
        return isWanted ? line.count : 0
    }

    private func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let receiver else { return 0 }
        if isPaused {
            isReceivingHalted = true
            return sluice_CURL_WRITE_PAUSE
        }
        receiver.body(unsafe RawSpan(_unsafeBytes: bytes))
        return isWanted ? bytes.count : 0
    }

    private func fill(_ space: UnsafeMutableRawBufferPointer) -> Int {
        guard isWanted else { return sluice_CURL_READ_ABORT }
        let count = min(space.count, upload.count)
        if count > 0 {
            unsafe upload.withUnsafeBytes {
                unsafe space.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[0..<count]))
            }
            upload.consume(count)
        }
        let hasRoom = upload.count < Self.highWater / 2
        if isStreaming, !isUploadComplete, hasRoom, isSenderWaiting || count == 0 {
            isSenderWaiting = false
            transport.perform { [weak self] in self?.receiver?.readyForBody() }
        }
        guard count == 0, !isUploadComplete else { return count }
        isSendingHalted = true
        return sluice_CURL_READ_PAUSE
    }

    // MARK: What the caller does

    func cancel() {
        guard isWanted else { return }
        receiver = nil
        transport.drop(self)
    }

    func pause() {
        isPaused = true
    }

    func resume() {
        isPaused = false
        if isReceivingHalted { updatePause() }
    }

    func write(_ bytes: RawSpan) -> Bool {
        upload.append(bytes)
        if isSendingHalted { updatePause() }
        isSenderWaiting = upload.count >= Self.highWater
        return !isSenderWaiting
    }

    func endBody() {
        isUploadComplete = true
        if isSendingHalted { updatePause() }
    }

    private func updatePause() {
        transport.setPause(self) { [self] in
            isReceivingHalted = isReceivingHalted && isPaused
            isSendingHalted = isSendingHalted && upload.isEmpty && !isUploadComplete
            return (isReceivingHalted ? Int32(sluice_CURL_PAUSE_RECEIVING) : 0)
                | (isSendingHalted ? Int32(sluice_CURL_PAUSE_SENDING) : 0)
        }
    }

    // MARK: Ending

    /// What to tell the receiver of `result`, once the handle has been given back.
    func report(of result: CURLcode) -> () -> Void {
        guard let receiver else { return {} }
        if result == CURLE_OK, headReader.isComplete { return { receiver.ended() } }
        let failure = failure(of: result)
        return { receiver.failed(failure) }
    }

    private func failure(of result: CURLcode) -> TransportFailure {
        guard let handle = unsafe handle else {
            return TransportFailure(.connect, nothingSent: true, nothingReceived: true, reused: false)
        }
        let nothingSent = unsafe sluice_curl_get_long(handle, CURLINFO_REQUEST_SIZE) == 0
        let reused = unsafe sluice_curl_get_long(handle, CURLINFO_NUM_CONNECTS) == 0
        let kind: TransportFailure.Kind
        switch result {
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_BAD_CONTENT_ENCODING:
            kind = .protocolError
        default: kind = fault ?? (nothingSent ? .connect : .reset)
        }
        return TransportFailure(
            kind, nothingSent: nothingSent, nothingReceived: !hasReceived, reused: reused && !nothingSent)
    }
}
