internal import Bytes
internal import Execution
internal import GraphQL
internal import HTTP
internal import JSON

/// Error texts in the forms that clients meet: problem documents (RFC 9457) at REST doors, admin and wherever no door
/// was found; `errors` without `data` at the GraphQL door.
enum ErrorResponses {
    /// Appends `{"type":"about:blank","title":…,"status":…,"detail":…,"code":…}`.
    static func appendProblem(
        _ code: ErrorCode, status: Int, detail: String, to output: ByteBuffer
    ) {
        output.append("{\"type\":\"about:blank\",\"title\":")
        output.appendJSONString(title(status))
        output.append(",\"status\":")
        output.append(decimal: status)
        output.append(",\"detail\":")
        output.appendJSONString(detail)
        output.append(",\"code\":\"")
        output.append(code.rawValue)
        output.append("\"}")
    }

    /// The phrase registered for a status; for one that an upstream made up, what its class means (RFC 9110 §15).
    private static func title(_ status: Int) -> StaticString {
        let phrase = StatusCode.reason(status)
        if phrase.utf8CodeUnitCount > 0 { return phrase }
        return status < 500 ? "Client Error" : "Server Error"
    }

    /// Appends `{"errors":[…]}`.
    static func appendRequestErrors(_ errors: [RequestError], to output: ByteBuffer) {
        output.append("{\"errors\":[")
        for (index, error) in errors.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            error.append(to: output)
        }
        output.append("]}")
    }
}

/// An error found before anything was executed (GraphQL §7.1.6: a request error).
struct RequestError {
    let code: ErrorCode
    let message: String
    var locations: [Location] = []

    fileprivate func append(to output: ByteBuffer) {
        output.append("{\"message\":")
        output.appendJSONString(message)
        if !locations.isEmpty { output.append(locations: locations) }
        output.append(",\"extensions\":{\"code\":\"")
        output.append(code.rawValue)
        output.append("\"}}")
    }
}
