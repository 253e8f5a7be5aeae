internal import CLibCurl
internal import HTTP

/// One blocking request to a server, for what is sent and read beside the serving of requests. Redirects are not
/// followed, since they would let one server name another one to be believed. Any thread but a loop's.
struct DocumentTransfer {
    /// What came back.
    struct Answer {
        let status: Int
        let content: [UInt8]
        /// `max-age` of Cache-Control, in seconds, where it is given (RFC 9111 §5.2.2.1).
        let maximumAge: Int?
    }

    /// Why nothing came back: what happened, to be put behind a colon.
    struct Failure: Error {
        let reason: String
    }

    /// An `http` or `https` URL.
    var url: String
    /// What is posted; nil gets the document.
    var content: [UInt8]?
    /// Field lines, `name: value`.
    var fields: [String] = []
    /// Bytes that the answer's content may have; what is beyond is an error.
    var limit = 0
    /// How long all of it may take.
    var milliseconds: Int
    /// Whether any certificate will do.
    var trustsAnyone = false

    /// Makes the request.
    func perform() throws(Failure) -> Answer {
        guard CurlTransport.isAvailable, let handle = unsafe curl_easy_init() else {
            throw Failure(reason: "libcurl can't be used")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        var lines: UnsafeMutablePointer<curl_slist>?
        for field in fields { unsafe lines = curl_slist_append(lines, field) }
        defer { unsafe curl_slist_free_all(lines) }
        let receiver = Receiver(limit: limit)
        let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
        unsafe sluice_curl_set_string(handle, CURLOPT_URL, url)
        unsafe sluice_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe sluice_curl_set_string(handle, CURLOPT_USERAGENT, "sluice")
        unsafe sluice_curl_set_list(handle, CURLOPT_HTTPHEADER, lines)
        unsafe sluice_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        unsafe sluice_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        unsafe sluice_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
        if trustsAnyone {
            unsafe sluice_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
            unsafe sluice_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
        }
        unsafe sluice_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION, Receiver.takeHeader)
        unsafe sluice_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe sluice_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION, Receiver.takeContent)
        unsafe sluice_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        let result =
            if let content {
                unsafe content.withUnsafeBufferPointer { bytes in
                    unsafe sluice_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(content.count))
                    unsafe sluice_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
                    unsafe sluice_curl_set_long(handle, CURLOPT_POST, 1)
                    return unsafe curl_easy_perform(handle)
                }
            } else {
                unsafe curl_easy_perform(handle)
            }
        let status = withExtendedLifetime(receiver) { unsafe sluice_curl_get_long(handle, CURLINFO_RESPONSE_CODE) }
        if receiver.isTooLarge { throw Failure(reason: "the answer is larger than \(limit) bytes") }
        guard result == CURLE_OK else { throw Failure(reason: unsafe String(cString: curl_easy_strerror(result))) }
        return Answer(status: Int(status), content: receiver.content, maximumAge: CacheControl(receiver.fields).maxAge)
    }
}

/// Takes what libcurl hands on during one request.
private final class Receiver {
    let limit: Int
    var content: [UInt8] = []
    let fields = FieldList()
    var isTooLarge = false
    private var headerSize = 0

    init(limit: Int) { self.limit = limit }

    static let takeContent: sluice_curl_data_function = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let receiver = unsafe from(context) else { return 0 }
        guard receiver.content.count + size * count <= receiver.limit else {
            receiver.isTooLarge = true
            return 0
        }
        unsafe receiver.content.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    }

    static let takeHeader: sluice_curl_data_function = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let receiver = unsafe from(context) else { return 0 }
        receiver.headerSize += size * count
        guard receiver.headerSize <= 65_536 else { return 0 }
        receiver.read(unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self))
        return size * count
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Receiver? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
    }

    /// Keeps a field line; what has no colon is the status line of a further head, or the end of one.
    private func read(_ line: String) {
        guard let colon = line.firstIndex(of: ":") else {
            if line.hasPrefix("HTTP/") { fields.clear() }
            return
        }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields.append(name: line[..<colon].lowercased(), value: String(value.prefix { !$0.isNewline }))
    }
}
