internal import Bytes
internal import CLibCurl
internal import EventLoop
internal import HTTP

/// What a handle is set to: once for its endpoint, and again for each request. libcurl adds nothing of its own to a
/// request, follows nothing, decodes nothing, and looks nothing up but the name.
enum CurlOptions {
    /// Sets what stays the same for `endpoint`.
    /// - Returns: a list that is to be freed after the handle.
    static func apply(
        to handle: UnsafeMutableRawPointer, _ endpoint: Endpoint
    ) -> UnsafeMutablePointer<curl_slist>? {
        var connectTo: UnsafeMutablePointer<curl_slist>?
        // The URL names the server only: what is requested goes in CURLOPT_REQUEST_TARGET, byte for byte.
        let scheme = endpoint.isSecure ? "https" : "http"
        if let name = endpoint.tls.serverName, endpoint.isSecure {
            // The name that is asked for and verified stands in the URL, and the connection goes to the real host.
            let bracketed = endpoint.host.utf8.contains(UInt8(ascii: ":")) ? "[\(endpoint.host)]" : endpoint.host
            let server = endpoint.onlyAddress ?? "\(bracketed):\(endpoint.port)"
            unsafe sluice_curl_set_string(handle, CURLOPT_URL, "\(scheme)://\(name):\(endpoint.port)/")
            unsafe connectTo = curl_slist_append(nil, "::\(server)")
            unsafe sluice_curl_set_list(handle, CURLOPT_CONNECT_TO, connectTo)
        } else {
            unsafe sluice_curl_set_string(handle, CURLOPT_URL, "\(scheme)://\(endpoint.authority)/")
            unsafe connectTo = apply(to: handle, addressesOf: endpoint)
        }
        unsafe sluice_curl_set_long(
            handle, CURLOPT_HTTP_VERSION, endpoint.isSecure ? sluice_CURL_HTTP_2_OVER_TLS : sluice_CURL_HTTP_1_1)
        unsafe sluice_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe sluice_curl_set_string(handle, CURLOPT_PROXY, "")
        for option in [CURLOPT_NOSIGNAL, CURLOPT_NOPROGRESS, CURLOPT_PATH_AS_IS, CURLOPT_PIPEWAIT] {
            unsafe sluice_curl_set_long(handle, option, 1)
        }
        for option in [CURLOPT_HTTP_CONTENT_DECODING, CURLOPT_FOLLOWLOCATION, CURLOPT_NETRC] {
            unsafe sluice_curl_set_long(handle, option, 0)
        }
        unsafe sluice_curl_set_long(handle, CURLOPT_DNS_CACHE_TIMEOUT, 30)
        if endpoint.isSecure { unsafe apply(to: handle, endpoint.tls) }
        return unsafe connectTo
    }

    /// Has the connections go to the endpoint's own address, be it a socket's path or one of several that the name in the
    /// URL stands for.
    private static func apply(
        to handle: UnsafeMutableRawPointer, addressesOf endpoint: Endpoint
    ) -> UnsafeMutablePointer<curl_slist>? {
        if let socket = endpoint.socket {
            unsafe sluice_curl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, socket)
            return nil
        }
        guard let address = endpoint.onlyAddress else { return nil }
        let list = unsafe curl_slist_append(nil, "::\(address)")
        unsafe sluice_curl_set_list(handle, CURLOPT_CONNECT_TO, list)
        return unsafe list
    }

    private static func apply(to handle: UnsafeMutableRawPointer, _ tls: ClientTLSSettings) {
        if let file = tls.ca { unsafe sluice_curl_set_string(handle, CURLOPT_CAINFO, file) }
        if let file = tls.certificate { unsafe sluice_curl_set_string(handle, CURLOPT_SSLCERT, file) }
        if let file = tls.key { unsafe sluice_curl_set_string(handle, CURLOPT_SSLKEY, file) }
        // A key with a passphrase fails, instead of asking for it on the terminal.
        unsafe sluice_curl_set_string(handle, CURLOPT_KEYPASSWD, "")
        unsafe sluice_curl_set_long(handle, CURLOPT_SSLVERSION, sluice_CURL_TLS_1_2_OR_NEWER)
        // Authorities are read once a minute, not for every connection, and not once a day.
        unsafe sluice_curl_set_long(handle, CURLOPT_CA_CACHE_TIMEOUT, 60)
        unsafe sluice_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0)
        unsafe sluice_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2 : 0)
    }

    /// The field lines of `request` as libcurl takes them: to be freed when they are no longer set.
    static func fieldLines(of request: TransportRequest) -> UnsafeMutablePointer<curl_slist>? {
        let line = ByteBuffer(capacity: 256)
        let fields = request.fields
        var lines = unsafe curl_slist_append(nil, "host: \(request.endpoint.authority)")
        for index in 0..<fields.count where !request.isOwn(at: index) {
            line.clear()
            line.append(fields.name(at: index))
            // "name:" alone would take the field away; "name;" is how an empty one is written.
            let isEmpty = fields.value(at: index).byteCount == 0
            line.append(isEmpty ? ";" : ": ")
            line.append(fields.value(at: index))
            unsafe lines = append(line, to: lines)
        }
        if let milliseconds = request.timeoutMilliseconds {
            unsafe lines = curl_slist_append(lines, "x-request-timeout-ms: \(milliseconds)")
        }
        // What libcurl would add by itself is taken away.
        if !request.fields.contains(.accept) { unsafe lines = curl_slist_append(lines, "Accept:") }
        if !request.fields.contains(.contentType) { unsafe lines = curl_slist_append(lines, "Content-Type:") }
        return unsafe curl_slist_append(lines, "Expect:")
    }

    private static func append(
        _ line: ByteBuffer, to lines: UnsafeMutablePointer<curl_slist>?
    ) -> UnsafeMutablePointer<curl_slist>? {
        unsafe withCString(line) { unsafe curl_slist_append(lines, $0) }
    }

    private static func withCString<Result>(
        _ buffer: ByteBuffer, _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        buffer.append(0)
        return unsafe buffer.withUnsafeBytes { bytes in
            unsafe body(bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
    }

    /// Sets what is different for each request. `upload` and `lines` must stay as they are until libcurl has let go of
    /// the handle.
    static func apply(
        _ request: TransportRequest, upload: ByteBuffer, _ lines: UnsafeMutablePointer<curl_slist>?,
        now: MonotonicTime, to handle: UnsafeMutableRawPointer
    ) {
        let target = ByteBuffer(capacity: request.target.count + 64)
        target.append(request.endpoint.basePath)
        target.append(request.target)
        unsafe withCString(target) { unsafe _ = sluice_curl_set_string(handle, CURLOPT_REQUEST_TARGET, $0) }
        unsafe sluice_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
        let isFresh = request.needsFreshConnection || (!request.isRepeatable && hasNoContent(request.body))
        unsafe sluice_curl_set_long(handle, CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
        unsafe sluice_curl_set_long(handle, CURLOPT_FORBID_REUSE, request.endpoint.place.isRetired ? 1 : 0)
        var milliseconds = 0
        if request.connectDeadline != .distantFuture {
            milliseconds = max(Int(clamping: request.connectDeadline.nanoseconds(since: now) / 1_000_000), 1)
        }
        unsafe sluice_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        unsafe applyMethod(request, upload, to: handle)
    }

    /// libcurl sends a request again by itself when a used connection turns out to be closed, unless it would have to
    /// rewind a body that it reads through a callback. So a request that must not be sent twice gets a fresh connection
    /// if it has no content, and a callback if it has.
    private static func hasNoContent(_ body: RequestBody) -> Bool {
        switch body {
        case .none: true
        case .whole(let content): content.isEmpty
        case .stream: false
        }
    }

    private static func applyMethod(
        _ request: TransportRequest, _ upload: ByteBuffer, to handle: UnsafeMutableRawPointer
    ) {
        // CURLOPT_POSTFIELDS makes a POST of it, even when it takes the content away.
        unsafe sluice_curl_set_pointer(handle, CURLOPT_POSTFIELDS, nil)
        unsafe sluice_curl_set_long(handle, CURLOPT_HTTPGET, 1)
        unsafe sluice_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, nil)
        var length: Int
        switch request.body {
        case .none:
            if request.method == .head { unsafe sluice_curl_set_long(handle, CURLOPT_NOBODY, 1) }
            if request.method == .get || request.method == .head { return }
            unsafe sluice_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.description)
            guard request.announcesNoBody else { return }
            length = 0
        case .whole: length = upload.count
        case .stream(let known): length = known ?? -1
        }
        unsafe sluice_curl_set_long(handle, CURLOPT_POST, 1)
        unsafe sluice_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.description)
        unsafe sluice_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(length))
        if length == 0 || (request.isRepeatable && length == upload.count) {
            unsafe upload.withUnsafeBytes { bytes in
                unsafe _ = sluice_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
            }
        }
    }
}

extension Endpoint {
    /// The address that its name was found to have, `host:port`, where libcurl needn't choose between two families: it
    /// takes one only.
    fileprivate var onlyAddress: String? {
        isNamed && addresses.count == 1 ? addresses.first?.description : nil
    }
}
