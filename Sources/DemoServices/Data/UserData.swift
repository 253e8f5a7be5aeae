/// The demo's users. What the gateway's schema says of a user is true of these, member by member.
enum UserData {
    static let people: [(id: Int, name: String, bio: String?, role: String, joined: String)] = [
        (1, "Ada Lovelace", "Wrote the first program, for a machine that was never built.", "EDITOR", "2021-03-04"),
        (2, "Grace Hopper", "Keeps a moth in her logbook.", "EDITOR", "2021-05-17"),
        (3, "Alan Turing", nil, "AUTHOR", "2022-01-30"),
        (4, "Hedy Lamarr", "Hops frequencies.", "AUTHOR", "2022-06-11"),
        (5, "Katherine Johnson", "Checks the numbers by hand.", "AUTHOR", "2023-02-02"),
        (6, "Edsger Dijkstra", "Would not have used goto.", "READER", "2023-09-23"),
        (7, "Radia Perlman", "I think that I shall never see a graph more lovely than a tree.", "AUTHOR", "2024-04-14"),
        (8, "Donald Knuth", "Answers no e-mail.", "READER", "2024-08-08"),
    ]

    static let actions = ["LOGIN", "READ", "READ", "COMMENT", "PUBLISH"]
    static let devices = ["phone", "tv", "web"]

    /// Every user, in the order of their ids.
    static let users: [JSONValue] = people.map { person in
        let slug = person.name.lowercased().split(separator: " ").joined(separator: "-")
        return [
            "id": .integer(person.id),
            "profile": ["displayName": .string(person.name), "bio": person.bio.map(JSONValue.string) ?? .null],
            "avatar": [
                "large": .string("https://img.example/\(slug)/512.png"),
                "small": .string("https://img.example/\(slug)/64.png"),
            ],
            "role": .string(person.role),
            "joinedAt": .string("\(person.joined)T09:00:00Z"),
            "settings": [
                "theme": person.id % 2 == 0 ? "dark" : "light", "fontScale": .number("1.\(person.id)0"),
                "languages": ["en", "de"],
            ],
            "history": .array((0..<(26 - 2 * person.id)).map { event(person.id, $0) }),
        ]
    }

    /// The user whose id is `id` in decimal digits; nil if there is none.
    static func user(_ id: String) -> JSONValue? {
        guard let number = Int(id), let index = people.firstIndex(where: { $0.id == number }) else { return nil }
        return users[index]
    }

    private static func event(_ user: Int, _ index: Int) -> JSONValue {
        // One event a day, the latest first, back from 28 October.
        let day = 28 - index
        return [
            "at": .string("2026-10-\(day < 10 ? "0" : "")\(day)T\(10 + (user + index) % 12):00:00Z"),
            "action": .string(actions[(user + index) % actions.count]),
            "device": .string(devices[(user * 2 + index) % devices.count]),
            "debug": ["session": .integer(user * 1000 + index), "build": "2026.10.1"],
        ]
    }
}
