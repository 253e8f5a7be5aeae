import Bytes
import EventLoop
import Testing

@testable import Redis

@Suite("Commands to Redis")
struct CommandTests {
    private static func written(_ command: RedisCommand, isWhole: Bool = false) -> String {
        let output = ByteBuffer()
        command.write(to: output, isWhole: isWhole)
        return output.string
    }

    @Test func `a command is a list of strings, whatever they hold`() {
        let command = RedisCommand()
        for argument in ["SET", "a\r\nDEL b", "ü"] { command.append(argument) }
        command.append(12)
        #expect(Self.written(command) == "*4\r\n$3\r\nSET\r\n$8\r\na\r\nDEL b\r\n$2\r\nü\r\n$2\r\n12\r\n")
        command.reset()
        command.append("GET")
        #expect(Self.written(command) == "*1\r\n$3\r\nGET\r\n")
    }

    @Test func `a script goes by its digest, and with its text where Redis has lost it`() {
        let command = RedisCommand()
        command.script = RedisScript("return 1")
        command.append("0")
        #expect(
            Self.written(command)
                == "*3\r\n$7\r\nEVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n$1\r\n0\r\n")
        #expect(Self.written(command, isWhole: true) == "*3\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n0\r\n")
    }

    @Test func `a key has one length, and doesn't say what it was made of`() {
        let (key, command) = (ByteBuffer(), RedisCommand())
        key.append("abc")
        command.append("p:", digestOf: key.bytes)
        #expect(
            Self.written(command)
                == "*1\r\n$66\r\np:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\r\n")
    }

    @Test func `commands leave the queue in their order`() {
        var queue = CommandQueue()
        var (sent, received) = (0, 0)
        for round in 0..<5000 {
            for _ in 0..<(round % 3) {
                let command = RedisCommand()
                command.deadline.nanoseconds = UInt64(sent)
                queue.append(command)
                sent += 1
            }
            if let command = queue.popFirst() {
                #expect(command.deadline.nanoseconds == UInt64(received))
                received += 1
            }
        }
        #expect(queue.removeAll().count == sent - received && queue.isEmpty)
    }
}
