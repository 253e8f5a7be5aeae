/// Lists of mixed kinds: posts, people and topics that fit a user, and a search over users and posts.
///
/// `GET /recommendations/{id}` · `GET /search?q=`
final class RecommendationsService: DemoService {
    func answer(_ request: DemoRequest) -> DemoAnswer {
        guard request.method == "GET" else { return .notAllowed("GET, HEAD") }
        if request.path == ["search"] { return search(request.parameter("q") ?? "") }
        guard request.path.count == 2, request.path[0] == "recommendations", let user = Int(request.path[1]),
            UserData.user(request.path[1]) != nil
        else { return .notFound }
        return .json(.array((0..<6).map { recommendation(for: user, $0) }))
    }

    private func recommendation(for user: Int, _ index: Int) -> JSONValue {
        let common: JSONValue = [
            "id": .string("r-\(user)-\(index)"), "score": .number("0.\(95 - 7 * index)"),
        ]
        switch index % 3 {
        case 0:
            return common.adding([
                "kind": "blog-post", "target": .string("p-\((user * 5 + index) % PostData.posts.count + 1)"),
                "why": ["text": "Others who read what you read liked it"],
            ])
        case 1:
            // Never the user themselves.
            let other = (user + index) % UserData.people.count + 1
            return common.adding([
                "kind": index == 1 ? "person" : "team-member", "target": .integer(other == user ? 1 : other),
                "why": ["text": "Writes about what you write about"],
            ])
        default:
            let subject = PostData.subjects[(user + index) % PostData.subjects.count]
            return common.adding([
                "kind": "topic", "title": .string(subject.tag), "followers": .integer(100 + user * 37 + index),
                "why": .null,
            ])
        }
    }

    private func search(_ text: String) -> DemoAnswer {
        let wanted = text.lowercased()
        guard !wanted.isEmpty else { return .json(["hits": []]) }
        let users = UserData.users.filter { user in
            user["profile"]?["displayName"]?.text?.lowercased().contains(wanted) == true
        }
        let posts = PostData.posts.filter { $0["title"]?.text?.lowercased().contains(wanted) == true }
        let hits = users.map { $0.adding(["type": "user"]) } + posts.prefix(10).map { $0.adding(["type": "post"]) }
        return .json(["hits": .array(hits)])
    }
}
