import Foundation
import TestSupport
import Testing

/// Documents in the style of public services: each is imported, checked, served over a service that answers by script,
/// and queried.
@Suite("OpenAPI documents, imported and served")
struct ImportTests {
    /// What the service was asked, and the content that it was sent.
    private struct Asked: Equatable {
        var line: String
        var body = ""
    }

    /// A gateway over an imported document.
    private final class Imported {
        let gateway: ServedGateway
        let upstream: ScriptedUpstream
        let asked: Recorder<Asked>

        /// - Parameter answers: contents by method and path, without the query.
        init(_ file: String, answers: [String: String]) throws {
            let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "OpenAPITests/Fixtures")
            let workspace = try Workspace()
            let outcome = try Tool.run(
                BuiltCommand.url.path, "import", "openapi", fixtures.appending(path: file).path, "--upstream",
                "api", "--output", workspace.folder.path)
            #expect(outcome.status == 0, "\(outcome.text)")
            let check = try Tool.run(
                BuiltCommand.url.path, "check", "--config", workspace.path("gateway.yaml"))
            #expect(check.status == 0 && !check.text.contains("error:"), "\(check.text)")
            let asked = Recorder<Asked>()
            self.asked = asked
            upstream = ScriptedUpstream { peer, _ in
                while let head = try peer.readRequest() {
                    let line = String(head.prefix { $0 != "\r\n" }).replacing(" HTTP/1.1", with: "")
                    let length = head.firstMatch(of: #/(?i)content-length: (\d+)/#).flatMap { Int($0.output.1) } ?? 0
                    let body = try peer.readBody(length)
                    asked.add(Asked(line: line, body: String(decoding: body, as: UTF8.self)))
                    if let content = answers[String(line.prefix { $0 != "?" })] {
                        try peer.send(content.isEmpty ? "HTTP/1.1 204 No Content\r\n\r\n" : answer(content))
                    } else {
                        try peer.send(answer("{}", status: "404 Not Found"))
                    }
                }
            }
            // The ports that a test has to choose anew.
            let file = workspace.folder.appending(path: "gateway.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try text.replacing("127.0.0.1:8080", with: "127.0.0.1:0").replacing("127.0.0.1:9090", with: "127.0.0.1:0")
                .write(to: file, atomically: true, encoding: .utf8)
            gateway = try ServedGateway(
                configuration: file, in: workspace, environment: ["API_URL": "http://127.0.0.1:\(upstream.port)/base"])
        }

        /// Asks, and expects this answer, to the letter.
        func expect(
            _ query: String, variables: String = "{}", fields: [String] = [], _ data: String,
            at location: SourceLocation = #_sourceLocation
        ) throws {
            let text = try gateway.query(query, variables: variables, fields: fields).text
            #expect(text == "{\"data\":\(data)}", sourceLocation: location)
        }
    }

    @Test func `a pet shop in YAML: lists, enums, maps, a body and a deletion`() throws {
        let pet =
            #"{"id": 9007199254740993, "name": "Rex", "tag": null, "photoUrls": ["a"], "status": "sold", "size": "x-small"}"#
        let shop = try Imported(
            "petstore.yaml",
            answers: [
                "GET /base/pets": "[\(pet)]", "POST /base/pets": pet, "GET /base/pets/9007199254740993": pet,
                "DELETE /base/pets/7": "", "GET /base/store/inventory": #"{"sold": 3, "x-y": 1}"#,
            ])
        try shop.expect(
            "{ listPets(limit: 2, status: [sold, pending], tags: [\"a\", \"b\"]) { id name tag photoUrls status size } }",
            #"{"listPets":[{"id":"9007199254740993","name":"Rex","tag":null,"photoUrls":["a"],"status":"sold","size":"x-small"}]}"#
        )
        try shop.expect(
            "{ listPets { id } getStoreInventory }",
            #"{"listPets":[{"id":"9007199254740993"}],"getStoreInventory":{"sold": 3, "x-y": 1}}"#)
        try shop.expect("{ showPetById(petId: 9007199254740993) { name } }", #"{"showPetById":{"name":"Rex"}}"#)
        try shop.expect("{ showPetById(petId: 8) { name } }", #"{"showPetById":null}"#)
        try shop.expect(
            "mutation($pet: PetInput!) { createPets(input: $pet) { name } deletePet(petId: 7, api_key: \"k\") }",
            variables: #"{"pet": {"name": "Rex", "photoUrls": [], "category": {"id": 9007199254740993}}}"#,
            #"{"createPets":{"name":"Rex"},"deletePet":null}"#)
        #expect(shop.asked.all.first?.line == "GET /base/pets?limit=2&status=sold&status=pending&tags=a,b")
        let lines = shop.asked.all.map(\.line)
        #expect(lines.contains("GET /base/pets?limit=20&status=available"))
        #expect(
            shop.asked.all.contains(
                Asked(
                    line: "POST /base/pets", body: #"{"name":"Rex","category":{"id":9007199254740993},"photoUrls":[]}"#)
            ))
        #expect(shop.upstream.heads.all.last?.contains("api_key: k") == true)
    }

    @Test func `payments: idempotency keys, alternatives told apart, filters in brackets`() throws {
        let charge =
            #"{"id": "ch_1", "amount": 500, "created": 4102444800, "currency": "eur", "paid": true, "customer": "cus_1", "payment_source": {"object": "card", "id": "c", "last4": "4242"}, "outcome": null, "3d_secure": true}"#
        let payments = try Imported(
            "payments.yaml",
            answers: [
                "GET /base/charges":
                    #"{"object": "list", "url": "/v1/charges", "has_more": false, "data": [\#(charge)]}"#,
                "POST /base/charges": charge,
            ])
        try payments.expect(
            "{ listCharges(createdGt: 5000000000, expand: [\"data.customer\"]) { has_more data { id created customer _3d_secure outcome { risk_score } payment_source { __typename ... on Card { last4 } ... on BankAccount { bank_name } } } } }",
            #"{"listCharges":{"has_more":false,"data":[{"id":"ch_1","created":4102444800,"customer":"cus_1","_3d_secure":true,"outcome":null,"payment_source":{"__typename":"Card","last4":"4242"}}]}}"#
        )
        try payments.expect(
            "mutation { postCharges(idempotencyKey: \"k-1\", input: {amount: 5000000000, currency: \"eur\", source: \"tok\", metadata: {a: \"b\"}}) { id } }",
            fields: ["Authorization: Bearer secret"], #"{"postCharges":{"id":"ch_1"}}"#)
        #expect(
            payments.asked.all.map(\.line) == [
                "GET /base/charges?limit=10&created%5Bgt%5D=5000000000&expand=data.customer", "POST /base/charges",
            ])
        #expect(
            payments.asked.all.last?.body
                == #"{"amount":5000000000,"currency":"eur","source":"tok","metadata":{"a":"b"}}"#)
        let head = try #require(payments.upstream.heads.all.last?.lowercased())
        #expect(head.contains("idempotency-key: k-1\r\n") && head.contains("authorization: bearer secret\r\n"))
        #expect(!head.contains("payment-account"))
    }

    @Test func `a forge in JSON of version 3.1: null in types, allOf, odd names, two variables in a segment`() throws {
        let issue =
            #"{"id": 3000000000, "number": 1, "title": "T", "state": "open", "state_reason": null, "user": null, "labels": ["a", {"name": "b"}], "reactions": {"+1": 2, "-1": 0, "heart": 1, "total_count": 3}}"#
        let forge = try Imported(
            "forge.json",
            answers: [
                "GET /base/repos/o/r":
                    #"{"id": 1, "full_name": "o/r", "owner": {"id": 2, "login": "o", "site_admin": false, "email": null}, "license": {"key": "mit", "spdx_id": "MIT"}, "subscribers_count": 4, "parent": {"id": 5, "full_name": "p/r", "owner": {"id": 6, "login": "p", "site_admin": true}, "subscribers_count": 1}}"#,
                "GET /base/repos/o/r/issues": "[\(issue)]", "POST /base/repos/o/r/issues": issue,
                "GET /base/repos/o/r/compare/v1...v2":
                    #"{"ahead_by": 1, "status": "ahead", "files": [{"filename": "f", "sha": null}]}"#,
                "PUT /base/user/starred/o/r": "",
            ])
        try forge.expect(
            "{ reposGet(owner: \"o\", repo: \"r\") { id full_name owner { login email } license { spdx_id } subscribers_count parent { full_name owner { site_admin } parent { id } } } }",
            #"{"reposGet":{"id":"1","full_name":"o/r","owner":{"login":"o","email":null},"license":{"spdx_id":"MIT"},"subscribers_count":4,"parent":{"full_name":"p/r","owner":{"site_admin":true},"parent":null}}}"#
        )
        try forge.expect(
            "{ issuesListForRepo(owner: \"o\", repo: \"r\", state: all) { id state_reason user { login } labels reactions { _1 _1_2 } } }",
            #"{"issuesListForRepo":[{"id":"3000000000","state_reason":null,"user":null,"labels":["a",{"name": "b"}],"reactions":{"_1":2,"_1_2":0}}]}"#
        )
        try forge.expect(
            "{ reposCompareCommits(owner: \"o\", repo: \"r\", base: \"v1\", head: \"v2\") { status files { filename sha } } }",
            #"{"reposCompareCommits":{"status":"ahead","files":[{"filename":"f","sha":null}]}}"#)
        try forge.expect(
            "mutation { issuesCreate(owner: \"o\", repo: \"r\", input: {title: \"T\", milestone: null}) { number } activityStarRepo(owner: \"o\", repo: \"r\") }",
            #"{"issuesCreate":{"number":1},"activityStarRepo":null}"#)
        #expect(forge.asked.all.map(\.line).contains("GET /base/repos/o/r/issues?state=all&sort=created&per_page=30"))
        #expect(
            forge.asked.all.contains(
                Asked(line: "POST /base/repos/o/r/issues", body: #"{"title":"T","milestone":null}"#)))
    }

    @Test func `weather: many query parameters, joined lists, maps, lists of lists`() throws {
        let weather = try Imported(
            "weather.yaml",
            answers: [
                "GET /base/forecast":
                    #"{"latitude": 52.52, "hourly": {"time": ["t"], "temperature_2m": [1.5, null], "rain": []}, "hourly_units": {"rain": "mm"}, "current_weather": {"temperature": 3, "weathercode": 61, "wind_speed": 9.0, "is-day": true}, "grid": [[1, 2], []]}"#,
                "GET /base/stations": #"{"XYZ": {"code": "XYZ"}}"#,
                "GET /base/stations/XYZ.json": #"{"code": "XYZ", "readings": {"a": [1]}}"#,
            ])
        try weather.expect(
            "{ getForecast(latitude: 52.52, longitude: 13.4, hourly: [temperature_2m, rain], past_days: 2, pageSize: 5, models: {best: true}) { latitude elevation hourly { time temperature_2m rain } hourly_units current_weather { temperature isDay } grid } }",
            #"{"getForecast":{"latitude":52.52,"elevation":null,"hourly":{"time":["t"],"temperature_2m":[1.5,null],"rain":[]},"hourly_units":{"rain": "mm"},"current_weather":{"temperature":3,"isDay":true},"grid":[[1,2],[]]}}"#
        )
        try weather.expect(
            "{ stations(city: \"B\") getStationsByCodeJson(code: \"XYZ\") { code opened readings } }",
            #"{"stations":{"XYZ": {"code": "XYZ"}},"getStationsByCodeJson":{"code":"XYZ","opened":null,"readings":{"a": [1]}}}"#
        )
        #expect(
            weather.asked.all.first?.line
                == "GET /base/forecast?latitude=52.52&longitude=13.4&hourly=temperature_2m,rain&current_weather=false&temperature_unit=celsius&timezone=Europe%2FBerlin&past_days=2&page%5Bsize%5D=5&models=%7B%22best%22%3Atrue%7D"
        )
        #expect(weather.asked.all.map(\.line).contains("GET /base/stations?city=B&radiusKm=50"))
    }

    @Test func `a CMS: inheritance by allOf, discriminators, members under other names`() throws {
        let article =
            #"{"id": "a", "kind": "article", "title": "A", "meta-title": "MA", "body": "text", "author": {"entity": "Author", "name": "Ann"}, "related": [{"id": "g", "kind": "gallery", "title": "G", "images": [{"url": "u", "alt": null}]}]}"#
        let cms = try Imported(
            "cms.yaml",
            answers: [
                "GET /base/items": "[\(article)]", "POST /base/items": article, "PATCH /base/items/a": article,
                "GET /base/blocks/1": #"{"type": "markdown", "text": "T"}"#,
                "GET /base/search":
                    #"[{"entity": "Topic", "label": "L"}, {"entity": "Author", "name": "Ann", "items": []}]"#,
            ])
        try cms.expect(
            "{ itemsList(filterKind: \"article\") { __typename title metaTitle ... on Article { body author { name } related { __typename id ... on Gallery { images { url alt } } } } } }",
            #"{"itemsList":[{"__typename":"Article","title":"A","metaTitle":"MA","body":"text","author":{"name":"Ann"},"related":[{"__typename":"Gallery","id":"g","images":[{"url":"u","alt":null}]}]}]}"#
        )
        try cms.expect(
            "{ blocksGet(id: 1) { __typename ... on TextBlock { text } } search(q: \"a b\") { ... on Author { name items { id } } ... on Topic { label } } }",
            #"{"blocksGet":{"__typename":"TextBlock","text":"T"},"search":[{"label":"L"},{"name":"Ann","items":[]}]}"#)
        try cms.expect(
            "mutation { itemsCreate(input: {kind: \"article\", title: \"A\", metaTitle: \"MA\", body: \"text\"}) { id } itemsUpdate(id: \"a\", input: {xDraft: true}) { title } }",
            #"{"itemsCreate":{"id":"a"},"itemsUpdate":{"title":"A"}}"#)
        let asked = cms.asked.all
        #expect(asked.first?.line == "GET /base/items?filter%5Bkind%5D=article")
        #expect(
            asked.contains(
                Asked(
                    line: "POST /base/items", body: #"{"kind":"article","title":"A","meta-title":"MA","body":"text"}"#))
        )
        let head = try #require(cms.upstream.heads.all.last?.lowercased())
        #expect(head.contains("\r\ncontent-type: application/merge-patch+json"))
        #expect(asked.last == Asked(line: "PATCH /base/items/a", body: #"{"x-draft":true}"#))
    }

    @Test func `a catalogue: a tree of categories that holds itself, on the way down and up`() throws {
        let tree =
            #"{"slug": "a", "children": [{"slug": "b", "label": "B", "parent": {"slug": "a", "children": []}, "children": [{"slug": "c", "children": []}]}]}"#
        let catalogue = try Imported(
            "catalog.yaml",
            answers: [
                "GET /base/categories": "[\(tree)]", "PUT /base/categories": tree,
                "GET /base/products/4":
                    #"{"id": 4, "name": "P", "note": null, "price": {"amount": "1.00"}, "category": \#(tree), "stock": {"here": 2}}"#,
                "GET /base/categories/a/products": #"{"items": [{"id": 4, "name": "P", "price": {"amount": "1.00"}}]}"#,
            ])
        try catalogue.expect(
            "{ getCategories { slug children { label parent { slug } children { slug children { slug } } } } getProductsById(id: 4) { price { amount currency } category { slug } stock { here } } }",
            #"{"getCategories":[{"slug":"a","children":[{"label":"B","parent":{"slug":"a"},"children":[{"slug":"c","children":[]}]}]}],"getProductsById":{"price":{"amount":"1.00","currency":null},"category":{"slug":"a"},"stock":{"here":2}}}"#
        )
        try catalogue.expect(
            "{ getCategoriesBySlugProducts(slug: \"a\", slug2: \"x\") { items { name } } }",
            #"{"getCategoriesBySlugProducts":{"items":[{"name":"P"}]}}"#)
        try catalogue.expect(
            "mutation { putCategories(input: {slug: \"a\", children: [{slug: \"b\", children: []}]}) { slug } }",
            #"{"putCategories":{"slug":"a"}}"#)
        #expect(catalogue.asked.all.map(\.line).contains("GET /base/categories/a/products?slug=x&order=name"))
        #expect(catalogue.asked.all.last?.body == #"{"slug":"a","children":[{"slug":"b","children":[]}]}"#)
    }
}
