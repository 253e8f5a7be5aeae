internal import Bytes
internal import Configuration
internal import EventLoop
internal import HTTP
internal import HTTPServer

/// The fields that tell an upstream who asked: `X-Forwarded-For`, `-Proto` and `-Host`, and a trusted `Forwarded`.
///
/// A client's own are believed from `server.trustedProxies` only: then the peer is appended to For, and Proto and Host
/// are kept.
enum ForwardedFields {
    static func append(_ request: GatewayRequest, to output: FieldList) {
        let exchange: Exchange = request.exchange
        let head = exchange.request
        let fields = head.fields
        let isTrusted = request.isFromTrustedProxy
        output.append(.xForwardedFor) { value in
            if isTrusted {
                var index = fields.index(of: .xForwardedFor)
                while let found = index {
                    value.append(fields.value(at: found))
                    value.append(", ")
                    index = fields.index(of: .xForwardedFor, from: found + 1)
                }
            }
            exchange.appendPeerText(to: value)
        }
        if isTrusted, let index = fields.index(of: .xForwardedProto) {
            output.append(lineAt: index, of: fields)
        } else {
            output.append(.xForwardedProto, exchange.isSecure ? "https" : "http")
        }
        if isTrusted, let index = fields.index(of: .xForwardedHost) {
            output.append(lineAt: index, of: fields)
        } else if head.authority.byteCount > 0 {
            output.append(.xForwardedHost, head.authority)
        }
        // One that isn't believed isn't passed on either: a service behind would believe it (RFC 7239 §8.1).
        guard isTrusted else { return }
        var forwarded = fields.index(of: .forwarded)
        while let index = forwarded {
            output.append(lineAt: index, of: fields)
            forwarded = fields.index(of: .forwarded, from: index + 1)
        }
    }
}
