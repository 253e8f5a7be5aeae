internal import Bytes
internal import HTTP

/// Keeps pages of other sites from using a visitor's cookies here (cross-site request forgery).
///
/// A browser sends cookies along with whatever a page makes it ask for, and only what a plain form or image can't ask
/// for is preceded by a preflight, which our CORS policies answer. What is left are GET, and POST with one of a form's
/// content types: such a request has to show that it comes from our own pages, from an origin with a policy, or with a
/// field that no form sets. It is asked only of requests with a `Cookie`, and only where a configuration reads cookies:
/// without, a forged request can do no more than its author could.
enum CrossSiteGuard {
    /// What a client may send to show that it is no form.
    static let fields = ["apollo-require-preflight", "x-apollo-operation-name", "x-requested-with"]

    static let refusal =
        "This request carries cookies, and nothing shows that it isn't another site's doing; send it with the header "
        + "apollo-require-preflight: true, or with content of type application/json."

    /// Whether the request may be another site's doing.
    static func refuses(_ head: RequestHead, _ policies: CrossOriginPolicies?) -> Bool {
        let fields = head.fields
        guard fields.contains(.cookie), !isPreflighted(fields) else { return false }
        // Browsers of our day say it, where the gateway is reached by TLS or on the same machine (Fetch Metadata).
        if let site = fields.firstValue(of: .secFetchSite), site.equals("same-origin") || site.equals("none") {
            return false
        }
        guard let origin = fields.firstValue(of: .origin) else { return true }
        if !fields.contains(.secFetchSite), isOwn(origin, head.authority) { return false }
        // Credentials from an origin that the operator has named.
        return policies?.policy(for: fields)?.allowsCredentials != true
    }

    /// Whether a browser has asked for leave before it sent this: a form can't make such a request.
    private static func isPreflighted(_ fields: FieldList) -> Bool {
        for name in Self.fields {
            if let index = fields.index(ofName: name), fields.value(at: index).byteCount > 0 { return true }
        }
        guard let type = fields.firstValue(of: .contentType) else { return false }
        return !MediaType.isType(type, "application/x-www-form-urlencoded")
            && !MediaType.isType(type, "multipart/form-data") && !MediaType.isType(type, "text/plain")
    }

    private static func isOwn(_ origin: RawSpan, _ authority: RawSpan) -> Bool {
        for scheme in ["https://", "http://"] {
            let start = scheme.utf8.count
            guard origin.byteCount == start + authority.byteCount, origin.extracting(0..<start).equals(scheme) else {
                continue
            }
            return authority.byteCount > 0
                && origin.extracting(start..<origin.byteCount).equalsIgnoringCase(authority)
        }
        return false
    }
}
