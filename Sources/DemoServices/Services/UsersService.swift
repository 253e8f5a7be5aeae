/// Users, one by one or several at once.
///
/// `GET /users` · `GET /users?ids=1,2` · `GET /users/{id}` · `GET /export.csv`
final class UsersService: DemoService {
    func answer(_ request: DemoRequest) -> DemoAnswer {
        guard request.method == "GET" else { return .notAllowed("GET, HEAD") }
        switch request.path {
        case ["users"]:
            guard let ids = request.parameter("ids") else { return .json(.array(UserData.users)) }
            let found = ids.split(separator: ",").compactMap { UserData.user(String($0)) }
            return .json(.array(found))
        case ["export.csv"]:
            let lines = UserData.people.map { "\($0.id),\($0.name),\($0.role),\($0.joined)\r\n" }
            return .text("id,name,role,joined\r\n" + lines.joined(), contentType: "text/csv; charset=utf-8")
        default:
            guard request.path.count == 2, request.path[0] == "users", let user = UserData.user(request.path[1]) else {
                return .notFound
            }
            return .json(user)
        }
    }
}
