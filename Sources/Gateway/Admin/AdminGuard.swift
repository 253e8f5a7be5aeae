internal import Bytes
internal import EventLoop
internal import Execution
internal import HTTP

/// Keeps web pages of other origins from using an operator's browser against the admin listener (contract section 7).
///
/// A page can make a browser send a POST without reading the answer, so one that says where it comes from has to come
/// from here. A page can also give its own name the listener's address (DNS rebinding), and then is of one origin with
/// it; but the browser then sends that name as Host, so only names that no page can own are taken.
struct AdminGuard {
    /// Names that a Host field may hold beside IP literals and `localhost`, in lower case.
    let hosts: [String]

    /// Why `request` is not answered; nil where it may be.
    func refusal(of request: RequestHead) -> AdminHandler.Answer? {
        let authority = request.authority.string.lowercased()
        // Without a Host (HTTP/1.0) there is no browser.
        if !authority.isEmpty, !isOwn(Self.host(of: authority)) {
            return .refused(421, "The Host is no IP address, not localhost and not one of admin.hosts.")
        }
        if request.method.isSafe { return nil }
        if let site = request.fields.string(of: .secFetchSite), site.lowercased() == "cross-site" {
            return .refused(403, "A page of another site sent this.", code: .forbidden)
        }
        if let origin = request.fields.string(of: .origin), !Self.isOwn(origin.lowercased(), authority) {
            return .refused(403, "A page of another origin sent this.", code: .forbidden)
        }
        return nil
    }

    private func isOwn(_ host: String) -> Bool {
        host == "localhost" || hosts.contains(host) || IPAddress(host) != nil
    }

    /// The host of `host`, `host:port` or `[address]:port`; an address without its brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isOwn(_ origin: String, _ authority: String) -> Bool {
        !authority.isEmpty && (origin == "http://\(authority)" || origin == "https://\(authority)")
    }
}
