/// The posts that the demo starts with.
enum PostData {
    static let subjects: [(title: String, tag: String)] = [
        ("Notes on the engine", "history"), ("Why the compiler is right", "compilers"), ("On counting down", "space"),
        ("A moth in the relay", "debugging"), ("Spread your spectrum", "radio"), ("Trees that never loop", "networks"),
        ("The halting party", "theory"), ("Shorter paths", "graphs"), ("Nanoseconds of wire", "hardware"),
    ]

    /// Posts 1 to 54, the latest first. Users 1 to 5 and 7 write them in turn, nine each.
    static let posts: [JSONValue] = (1...54).reversed().map { number in
        let authors = ["1", "2", "3", "4", "5", "7"]
        let subject = subjects[number % subjects.count]
        let author = authors[number % authors.count]
        return [
            "id": .string("p-\(number)"),
            // Text here, a number in the users service: keys of a batch are equal when their text is.
            "authorId": .string(author),
            "title": .string("\(subject.title), part \(number / subjects.count + 1)"),
            "body": .string("There is more to say about \(subject.tag) than fits here. \(number) things, at least."),
            "tags": [.string(subject.tag), number % 2 == 0 ? "long-read" : "short"],
            "visibility": number % 7 == 0 ? "FOLLOWERS" : "PUBLIC",
            "publishedAt": .string(date(number)),
            "stats": ["words": .integer(200 + number * 37 % 900), "likes": .integer(number * 11 % 97)],
        ]
    }

    /// When post `number` appeared: one every three days from April on.
    private static func date(_ number: Int) -> String {
        let lengths = [(4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31)]
        var day = number * 3
        for (month, length) in lengths {
            if day <= length { return "2026-\(twoDigits(month))-\(twoDigits(day))T08:30:00Z" }
            day -= length
        }
        return "2026-11-01T08:30:00Z"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
