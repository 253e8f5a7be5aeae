internal import JSON

/// The value of one of a route's inputs, bound for one call.
struct BoundValue: BitwiseCopyable {
    /// Who gave the value: which code it is to blame with.
    enum Origin: UInt8, BitwiseCopyable {
        /// The client: an argument or a header.
        case client
        case claim
        /// The parent's JSON.
        case parent
        /// The schema, the configuration, the keys of a batch, the profile.
        case gateway
    }

    /// Its kind, and where its text stands in the renderer's scratch; missing where nothing gave a value.
    var slot: Slot
    var origin: Origin
    /// Whether a string's text is plain, not escaped as JSON wants it.
    var isPlain = false
}
