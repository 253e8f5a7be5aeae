internal import GraphQL
internal import JSON

/// An object position: where in the answer (list indices left out) and where in which call's result.
///
/// All concrete types that can stand there share it, so that what several of them select in common is planned, kept
/// and fetched once.
final class Position {
    /// The objects' place in the result.
    let node: ShapeBuilder.Node
    /// The call; nil at the root.
    let fetch: FetchID?
    let responsePath: [String]
    /// The lists passed since the call's value, each with its cap.
    let lists: [Int?]
    /// The root field that it is below.
    let rootIndex: Int
    var selections: [SelectionKey: ObjectSelection] = [:]
    var fetches: [FetchID] = []
    private var children: [ChildKey: Place] = [:]

    struct SelectionKey: Hashable {
        let type: String
        let fields: [ObjectIdentifier]
    }

    /// What leads from an object to a field's value.
    enum Way: Hashable {
        case path(JSONPath)
        case fetch(FetchID)
    }

    private struct ChildKey: Hashable {
        let responseKey: String
        let way: Way
    }

    init(node: ShapeBuilder.Node, fetch: FetchID?, responsePath: [String], lists: [Int?], rootIndex: Int = 0) {
        self.node = node
        self.fetch = fetch
        self.responsePath = responsePath
        self.lists = lists
        self.rootIndex = rootIndex
    }

    /// Where a field's value is; the same for the same way.
    func child(_ responseKey: String, _ way: Way) -> Place {
        let key = ChildKey(responseKey: responseKey, way: way)
        if let known = children[key] { return known }
        let place: Place
        switch way {
        case .path:
            place = Place(
                fetch: fetch, responsePath: responsePath + [responseKey], lists: lists, rootIndex: rootIndex)
        case .fetch(let id):
            place = Place(fetch: id, responsePath: responsePath + [responseKey], lists: [], rootIndex: rootIndex)
        }
        children[key] = place
        return place
    }
}

/// The place of a field's value or of an item in it, whatever its type.
final class Place {
    private let fetch: FetchID?
    private let responsePath: [String]
    private let lists: [Int?]
    var rootIndex: Int
    private var items: Place?
    private var found: Position?

    init(fetch: FetchID?, responsePath: [String], lists: [Int?], rootIndex: Int) {
        self.fetch = fetch
        self.responsePath = responsePath
        self.lists = lists
        self.rootIndex = rootIndex
    }

    /// The place of the items of the list that stands here.
    func item(cap: Int?) -> Place {
        if let items { return items }
        let place = Place(fetch: fetch, responsePath: responsePath, lists: lists + [cap], rootIndex: rootIndex)
        items = place
        return place
    }

    /// The position of the objects that stand here.
    func position(at node: ShapeBuilder.Node) -> Position {
        if let found { return found }
        let position = Position(
            node: node, fetch: fetch, responsePath: responsePath, lists: lists, rootIndex: rootIndex)
        found = position
        return position
    }
}

extension ShapeBuilder.Node {
    /// The steps along a path from here, which from now on is kept, and where it ends.
    func steps(along path: JSONPath) -> (steps: [PathStep], node: ShapeBuilder.Node) {
        var node = self
        var steps: [PathStep] = []
        for step in path.steps {
            switch step {
            case .member(let name):
                node = node.member(name)
                steps.append(.member(name: name, slot: node.slot))
            case .element(let index):
                node = node.element(index)
                steps.append(.element(index))
            }
        }
        return (steps, node)
    }
}
