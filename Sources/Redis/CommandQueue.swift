/// Commands in the order in which they were sent, which is that of their replies. Taking one off costs no moving of the
/// others.
struct CommandQueue {
    private var commands: [RedisCommand] = []
    private var first = 0

    var isEmpty: Bool { first == commands.count }

    mutating func append(_ command: RedisCommand) { commands.append(command) }

    mutating func popFirst() -> RedisCommand? {
        guard !isEmpty else { return nil }
        let command = commands[first]
        first += 1
        if isEmpty {
            commands.removeAll(keepingCapacity: true)
            first = 0
        } else if first >= 1024, first * 2 >= commands.count {
            commands.removeFirst(first)
            first = 0
        }
        return command
    }

    func forEach(_ body: (RedisCommand) -> Void) {
        for index in first..<commands.count { body(commands[index]) }
    }

    mutating func removeAll() -> [RedisCommand] {
        defer { self = CommandQueue() }
        return Array(commands[first...])
    }
}
