internal import Bytes
internal import EventLoop
internal import HTTP

/// What the server itself says in an answer's head: all that concerns framing and the connection.
struct AnswerHead {
    /// How the end of the content is told.
    enum Length {
        /// There is none, and nothing is said about it.
        case none
        /// There is none, but the Content-Length of the given fields is true of what a GET would get (RFC 9110 §8.6).
        case asGiven
        case length(Int)
        case chunked
        case untilClose
    }

    /// What becomes of the connection.
    enum Connection {
        /// It lives on, which 1.1 takes for granted.
        case persists
        /// It lives on, which has to be said in 1.0.
        case keepAlive
        case close
    }

    let status: Int
    let length: Length
    let connection: Connection

    /// Appends the whole head; fields that are the server's to say are left out of `fields`.
    func append(_ fields: FieldList, to buffer: ByteBuffer, _ server: HTTPServer) {
        buffer.append("HTTP/1.1 ")
        buffer.append(decimal: status)
        buffer.append(UInt8(ascii: " "))
        buffer.append(StatusCode.reason(status))
        buffer.append("\r\n")
        var hasDate = false
        var hasServer = false
        for index in 0..<fields.count {
            switch fields.known(at: index) {
            case .connection, .keepAlive, .proxyConnection, .transferEncoding: continue
            case .contentLength:
                guard case .asGiven = length else { continue }
            case .date: hasDate = true
            case .server: hasServer = true
            default: break
            }
            fields.appendLine(at: index, to: buffer)
        }
        if !hasDate { server.date.append(to: buffer, now: server.loop.now) }
        if !hasServer, let name = server.settings.serverName {
            buffer.append("server: ")
            buffer.append(name)
            buffer.append("\r\n")
        }
        appendFraming(to: buffer)
    }

    private func appendFraming(to buffer: ByteBuffer) {
        switch length {
        case .none, .asGiven, .untilClose: break
        case .length(let length):
            buffer.append("content-length: ")
            buffer.append(decimal: length)
            buffer.append("\r\n")
        case .chunked: buffer.append("transfer-encoding: chunked\r\n")
        }
        switch connection {
        case .persists: break
        case .keepAlive: buffer.append("connection: keep-alive\r\n")
        case .close: buffer.append("connection: close\r\n")
        }
        buffer.append("\r\n")
    }
}
