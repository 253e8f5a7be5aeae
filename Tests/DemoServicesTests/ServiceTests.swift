import Testing

@testable import DemoServices

@Suite("The demo's services, without sockets")
struct ServiceTests {
    private func get(
        _ service: any DemoService, _ path: String, _ query: [(name: String, value: String)] = []
    ) -> DemoAnswer {
        service.handle(DemoRequest(method: "GET", path: path.split(separator: "/").map(String.init), query: query))
    }

    private func post(_ posts: PostsService, _ body: String) -> DemoAnswer {
        posts.handle(DemoRequest(method: "POST", path: ["posts"], body: Array(body.utf8)))
    }

    private func mode(_ flaky: FlakyService, _ query: [(name: String, value: String)]) -> DemoAnswer {
        flaky.handle(DemoRequest(method: "POST", path: ["mode"], query: query))
    }

    @Test func `what isn't there is 404, and other methods are 405`() {
        let services: [any DemoService] = [
            UsersService(), PostsService(), RecommendationsService(), FlakyService(),
        ]
        for service in services {
            #expect(get(service, "/healthz").status == 200)
            #expect(get(service, "/").status == 404)
            #expect(get(service, "/nothing/here/at/all").status == 404)
            for path in ["users", "posts", "recommendations", "reputation"] {
                for id in ["0", "x", "9999999999999999999999", "-1"] {
                    #expect(get(service, "/\(path)/\(id)").status == 404)
                }
            }
        }
        let answer = UsersService().handle(DemoRequest(method: "DELETE", path: ["users", "1"]))
        #expect(answer.status == 405 && answer.allow == "GET, HEAD")
    }

    @Test func `several users come in the order asked for, unknown ones are left out`() {
        let answer = get(UsersService(), "/users", [(name: "ids", value: "3,99,1,x,3")])
        let ids = JSONParser.parse(answer.body)?.items?.compactMap { $0["id"] }
        #expect(ids == [3, 1, 3])
    }

    @Test func `a posted post is found again, at the head of its author's`() {
        let posts = PostsService()
        let answer = post(posts, #"{"authorId":"6","title":"A \"title\"","body":"Two words","tags":["x"]}"#)
        #expect(answer.status == 201)
        let created = JSONParser.parse(answer.body)
        #expect(created?["title"] == "A \"title\"" && created?["visibility"] == "PUBLIC")
        #expect(created?["stats"]?["words"] == 2)
        let id = created?["id"]?.text ?? ""
        #expect(JSONParser.parse(get(posts, "/posts/\(id)").body) == created)
        let page = JSONParser.parse(get(posts, "/users/6/posts").body)
        #expect(page?["items"]?.items?.first == created && page?["total"] == 1)
    }

    @Test(arguments: [
        ("", 400), ("[]", 400), ("{}", 422), (#"{"authorId":"99","title":"x"}"#, 422),
        (#"{"authorId":"1","title":""}"#, 422), (#"{"authorId":1,"title":"x"}"#, 422),
    ])
    func `a bad post is refused`(body: String, status: Int) {
        #expect(post(PostsService(), body).status == status)
    }

    @Test func `only so many new posts are kept`() {
        let posts = PostsService()
        for _ in 0..<300 { _ = post(posts, #"{"authorId":"6","title":"x"}"#) }
        let total = JSONParser.parse(get(posts, "/posts").body)?["total"]
        #expect(total == .integer(PostData.posts.count + 200))
        #expect(get(posts, "/posts/p-1").status == 200)
    }

    @Test func `lists are cut to their limit, and filtered by tag`() {
        let posts = PostsService()
        let page = JSONParser.parse(get(posts, "/posts", [(name: "limit", value: "3")]).body)
        #expect(page?["items"]?.items?.count == 3 && page?["total"] == 54)
        let tagged = JSONParser.parse(get(posts, "/posts", [(name: "tag", value: "space")]).body)
        #expect(tagged?["total"] == 6)
    }

    @Test(arguments: [(0, 0), (34, 34), (50, 50), (100, 100)])
    func `the flaky service fails as often as it is told to`(share: Int, expected: Int) {
        let flaky = FlakyService()
        #expect(mode(flaky, [(name: "fail", value: "\(share)%")]).status == 200)
        let statuses = (0..<100).map { _ in get(flaky, "/reputation/1").status }
        #expect(statuses.count { $0 == 503 } == expected && statuses.count { $0 == 200 } == 100 - expected)
        let mode = JSONParser.parse(get(flaky, "/mode").body)
        #expect(mode?["failures"] == .integer(expected) && mode?["calls"] == 100)
    }

    @Test func `it fails in each of its ways`() {
        let flaky = FlakyService()
        _ = mode(flaky, [(name: "fail", value: "100"), (name: "how", value: "mixed")])
        let answers = (0..<3).map { _ in get(flaky, "/reputation/1") }
        #expect(answers.count { $0.status == 503 } == 1)
        #expect(answers.count { $0.isCut } == 1)
        #expect(answers.count { $0.delay == FlakyService.slowDelay } == 1)
    }

    @Test(arguments: [("fail", "101"), ("fail", "-1"), ("fail", "x"), ("how", "badly")])
    func `an unknown mode is refused`(name: String, value: String) {
        #expect(mode(FlakyService(), [(name: name, value: value)]).status == 400)
    }
}
