/// Collects which members of a JSON text are wanted, path by path, and merges them into one `Shape`.
///
/// For planning only: not thread-safe, and not used while a request runs.
public final class ShapeBuilder {
    /// What is wanted at one place of the text, whatever kind of value may stand there.
    public final class Node {
        /// This place's slot in the record of the object around it; 0 at the root and at a list's elements.
        public let slot: Int
        /// Wanted members in the order in which they were first asked for.
        private(set) var members: [(name: String, node: Node)] = []
        private var indexOfMember: [String: Int] = [:]
        private(set) var elementNode: Node?
        private(set) var elementLimit = 0
        /// Slots that a record of this object has so far: its members' and the reserved ones.
        public private(set) var slotCount = 0

        init(slot: Int) {
            self.slot = slot
        }

        /// The place of the member `name` when the value here is an object. The same name gives the same node.
        public func member(_ name: String) -> Node {
            if let index = indexOfMember[name] { return members[index].node }
            let node = Node(slot: reserveSlot())
            indexOfMember[name] = members.count
            members.append((name, node))
            return node
        }

        /// The place of every element when the value here is a list.
        public func elements() -> Node {
            elementLimit = .max
            return anyElement()
        }

        /// The place of element `index`, from 0, when the value here is a list.
        ///
        /// All elements share one node, so what is wanted of one is kept of all up to the last index asked for; at run
        /// time the element is `ProjectedBody.elements(of:)` at `index`.
        public func element(_ index: Int) -> Node {
            elementLimit = max(elementLimit, max(index, 0) &+ 1)
            return anyElement()
        }

        private func anyElement() -> Node {
            if let elementNode { return elementNode }
            let node = Node(slot: 0)
            elementNode = node
            return node
        }

        /// A slot in this object's record that no member fills: `missing` until its owner sets it.
        public func reserveSlot() -> Int {
            slotCount += 1
            return slotCount - 1
        }
    }

    /// The place of the whole text.
    public let root = Node(slot: 0)

    /// Nothing wanted yet.
    public init() {}

    /// The shape of all that was asked for. Slot numbers stay as they were given out.
    public func build() -> Shape {
        Shape(root)
    }
}
