internal import CLibCurl

/// Posts a document to a server by one blocking request: for what is sent beside the serving of requests, such as
/// telemetry. Any thread but a loop's.
public enum DocumentPost {
    /// Why a document didn't arrive.
    public struct Failure: Error, Sendable, Hashable {
        /// What happened, to be put behind a colon.
        public let reason: String
    }

    /// Posts `content` to `url`. Any 2xx counts; redirects are not followed, and the answer's content isn't read.
    /// - Parameter milliseconds: how long all of it may take.
    public static func send(
        _ content: [UInt8], to url: String, contentType: String, milliseconds: Int
    ) throws(Failure) {
        guard CurlTransport.isAvailable, let handle = unsafe curl_easy_init() else {
            throw Failure(reason: "libcurl can't be used")
        }
        defer { unsafe curl_easy_cleanup(handle) }
        let fields = unsafe curl_slist_append(nil, "Content-Type: \(contentType)")
        defer { unsafe curl_slist_free_all(fields) }
        unsafe sluice_curl_set_string(handle, CURLOPT_URL, url)
        unsafe sluice_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe sluice_curl_set_string(handle, CURLOPT_USERAGENT, "sluice")
        unsafe sluice_curl_set_list(handle, CURLOPT_HTTPHEADER, fields)
        unsafe sluice_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        unsafe sluice_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        unsafe sluice_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
        unsafe sluice_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(content.count))
        unsafe sluice_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        let result = unsafe content.withUnsafeBufferPointer { bytes in
            unsafe sluice_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
            return unsafe curl_easy_perform(handle)
        }
        guard result == CURLE_OK else { throw Failure(reason: unsafe String(cString: curl_easy_strerror(result))) }
        let status = unsafe sluice_curl_get_long(handle, CURLINFO_RESPONSE_CODE)
        guard (200..<300).contains(status) else { throw Failure(reason: "the server answered \(status)") }
    }
}
