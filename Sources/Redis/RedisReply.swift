public import Bytes

/// What Redis answers to one command. Its commands here have no answers that are lists.
public enum RedisReply {
    /// A number.
    case integer(Int)
    /// A value. The buffer is the client's: valid during the call that gets it.
    case value(ByteBuffer)
    /// There is no such value.
    case nothing
    /// It was done: `OK`, `PONG`.
    case done
    /// It was refused: a word in capitals, and why.
    case refused(String)
}
