/// Posts, which can also be written.
///
/// `GET /posts?limit=&tag=` · `GET /posts/{id}` · `GET /users/{id}/posts?limit=` · `POST /posts`
final class PostsService: DemoService {
    private var posts = PostData.posts
    private var created = 0
    /// New posts that are kept; older ones of them are forgotten.
    private static let keptLimit = 200

    func answer(_ request: DemoRequest) -> DemoAnswer {
        if request.path == ["posts"], request.method == "POST" { return create(request.body) }
        guard request.method == "GET" else {
            return .notAllowed(request.path == ["posts"] ? "GET, HEAD, POST" : "GET, HEAD")
        }
        switch (request.path.first, request.path.count) {
        case ("posts", 1):
            let tag = request.parameter("tag").map(JSONValue.string)
            return page(request, posts.filter { post in tag.map { post["tags"]?.items?.contains($0) == true } ?? true })
        case ("posts", 2):
            let post = posts.first { $0["id"]?.text == request.path[1] }
            return post.map { .json($0) } ?? .notFound
        case ("users", 3) where request.path[2] == "posts":
            guard UserData.user(request.path[1]) != nil else { return .notFound }
            return page(request, posts.filter { $0["authorId"]?.text == request.path[1] })
        default:
            return .notFound
        }
    }

    private func page(_ request: DemoRequest, _ posts: [JSONValue]) -> DemoAnswer {
        let items = Array(posts.prefix(request.count("limit", standard: 20)))
        return .json(["items": .array(items), "total": .integer(posts.count)])
    }

    /// Takes `{authorId, title, body, tags, visibility}`, of which the first two are a must.
    private func create(_ body: [UInt8]) -> DemoAnswer {
        guard let input = JSONParser.parse(body), case .object = input else { return .error(400, "not a JSON object") }
        guard let author = input["authorId"]?.text, UserData.user(author) != nil else {
            return .error(422, "authorId names no user")
        }
        guard let title = input["title"]?.text, !title.isEmpty else { return .error(422, "title is missing") }
        let text = input["body"]?.text ?? ""
        created += 1
        let post: JSONValue = [
            "id": .string("p-\(PostData.posts.count + created)"),
            "authorId": .string(author),
            "title": .string(title),
            "body": .string(text),
            "tags": .array((input["tags"]?.items ?? []).filter { $0.text != nil }),
            "visibility": .string(input["visibility"]?.text ?? "PUBLIC"),
            "publishedAt": "2026-11-01T12:00:00Z",
            "stats": ["words": .integer(text.split(separator: " ").count), "likes": 0],
        ]
        posts.insert(post, at: 0)
        if posts.count > PostData.posts.count + Self.keptLimit { posts.remove(at: Self.keptLimit) }
        return .json(post, status: 201)
    }
}
