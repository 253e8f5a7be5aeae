internal import Bytes
internal import HTTP
internal import JSON

/// The query string of a GraphQL GET (GraphQL over HTTP, "GET"), turned into the object that a POST would hold.
enum RequestParameters {
    /// Appends `{"query":…,"documentId":…,"operationName":…,"variables":…,"extensions":…}` with the parameters that are
    /// there.
    /// - Throws: `Malformed` for a broken percent-encoding, or text where JSON must be.
    static func append(_ query: RawSpan, to output: ByteBuffer) throws(OperationRequest.Malformed) {
        output.append("{")
        var isFirst = true
        var start = 0
        while start < query.byteCount {
            var end = start
            while end < query.byteCount, query.byte(at: end) != UInt8(ascii: "&") { end += 1 }
            try append(parameter: query.extracting(start..<end), &isFirst, to: output)
            start = end + 1
        }
        output.append("}")
    }

    private static func append(
        parameter: RawSpan, _ isFirst: inout Bool, to output: ByteBuffer
    ) throws(OperationRequest.Malformed) {
        var separator = 0
        while separator < parameter.byteCount, parameter.byte(at: separator) != UInt8(ascii: "=") { separator += 1 }
        let name = parameter.extracting(0..<separator)
        let value = parameter.extracting(min(separator + 1, parameter.byteCount)..<parameter.byteCount)
        let isText =
            name.equals("query") || name.equals("operationName") || name.equals("documentId") || name.equals("id")
        guard isText || name.equals("variables") || name.equals("extensions") else { return }
        let decoded = ByteBuffer(capacity: max(value.byteCount, 16))
        guard PercentCoding.appendDecoded(value, plusIsSpace: true, to: decoded) else {
            throw OperationRequest.Malformed("The parameter \"\(name.string)\" holds a broken percent-encoding.")
        }
        if decoded.isEmpty { return }
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        output.append(UInt8(ascii: "\""))
        output.append(name)
        output.append("\":")
        if isText {
            output.appendJSONString(decoded.bytes)
            return
        }
        do throws(JSONError) {
            try decoded.validateJSON()
        } catch {
            throw OperationRequest.Malformed("The parameter \"\(name.string)\" is not JSON: \(error)")
        }
        output.append(decoded)
    }
}
