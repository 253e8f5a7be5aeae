/// §5.3.2: fields with the same response key can be merged into one of the answer.
///
/// The specification compares fields in pairs; here each group of fields with one response key is compared with its
/// first, which comes to the same, since "same shape" and "same field and arguments" are equivalences. What is below the
/// fields of a group is merged and looked at once for each distinct set of selection sets. The work is counted: a
/// document that would still take too much is refused.
enum FieldSelectionMerging: ValidationRule {
    static func install(in visitor: inout ValidationVisitor, _ context: ValidationContext) {
        visitor.end.append {
            var check = FieldMergeCheck(context)
            check.run()
        }
    }
}

/// Selection sets that are to be merged, found while merging the fields above them.
private struct MergeTask {
    /// Indices of the selection sets, ascending.
    let scopes: [Int]
    /// Whether only shapes are compared (SameResponseShape), since the fields are of objects that are never the same.
    let isShapeOnly: Bool
    /// The fields that the selection sets belong to, as an index of `FieldMergeCheck.merges`; nil for one field.
    let merge: Int?
}

private struct FieldMergeCheck {
    private let context: ValidationContext
    private let scopes: SelectionScopes
    private let identities: FieldIdentities
    private var tasks: [MergeTask] = []
    /// Sets of several selection sets that have been given a task.
    private var seen: Set<[Int]> = []
    private var seenShapes: Set<[Int]> = []
    /// Single selection sets that have been given a task.
    private var seenScopes: [Bool]
    /// Fields whose selection sets were merged, and the merge above them.
    private var merges: [(first: Int, second: Int, above: Int?)] = []
    private var reported: Set<[Int]> = []
    /// For each scope and response key the number of the task that met it last.
    private var scopeMarks: [Int]
    private var keyMarks: [Int]
    private var remainingWork: Int

    init(_ context: ValidationContext) {
        self.context = context
        scopes = context.scopes
        identities = FieldIdentities(scopes, context.schema)
        seenScopes = Array(repeating: false, count: scopes.scopes.count)
        scopeMarks = Array(repeating: -1, count: scopes.scopes.count)
        keyMarks = Array(repeating: -1, count: identities.keyCount)
        remainingWork = 200_000 + 16 * (scopes.entries.count + scopes.scopes.count)
    }

    mutating func run() {
        for scope in scopes.operationScopes { add([scope], isShapeOnly: false, merge: nil) }
        var next = 0
        while next < tasks.count, !context.isFull {
            perform(next)
            next += 1
        }
    }

    /// Adds a task unless it was there before.
    private mutating func add(_ list: [Int], isShapeOnly: Bool, merge: Int?) {
        let list = list.count == 1 ? [resolved(list[0])] : list
        if isShapeOnly {
            guard list.count > 1, seenShapes.insert(list).inserted else { return }
        } else if list.count == 1 {
            guard !seenScopes[list[0]] else { return }
            seenScopes[list[0]] = true
        } else {
            guard seen.insert(list).inserted else { return }
        }
        tasks.append(MergeTask(scopes: list, isShapeOnly: isShapeOnly, merge: list.count > 1 ? merge : nil))
    }

    /// The fragment's selection set for one that only spreads a fragment.
    private func resolved(_ scope: Int) -> Int {
        let content = scopes.scopes[scope]
        guard content.entries.isEmpty, content.spreads.count == 1 else { return scope }
        return content.spreads[0]
    }

    private mutating func perform(_ number: Int) {
        let task = tasks[number]
        let fields = collect(task.scopes, mark: number)
        guard remainingWork >= 0 else {
            context.refuse("The document is too complex to validate: its fields are merged in too many ways.")
            return
        }
        var groups: [Int: [Int]] = [:]
        for field in fields where keyMarks[identities.key(field)] == number {
            groups[identities.key(field), default: []].append(field)
        }
        for field in fields {
            // The first field of a group stands for all of them.
            guard let group = groups[identities.key(field)] else {
                if !task.isShapeOnly, let child = scopes.entries[field].child {
                    add([child], isShapeOnly: false, merge: nil)
                }
                continue
            }
            if group[0] == field { compare(group, task) }
        }
    }

    /// The fields of selection sets and of the fragments spread in them, each once, with a list instead of recursion.
    /// Afterwards `keyMarks` tells which response keys have several.
    private mutating func collect(_ list: [Int], mark: Int) -> [Int] {
        var fields: [Int] = []
        var pending: [Int] = []
        for scope in list where scopeMarks[scope] != mark {
            scopeMarks[scope] = mark
            pending.append(scope)
        }
        var next = 0
        while next < pending.count {
            let content = scopes.scopes[pending[next]]
            next += 1
            fields += content.entries
            for fragment in content.spreads where scopeMarks[fragment] != mark {
                scopeMarks[fragment] = mark
                pending.append(fragment)
            }
            remainingWork -= 1 + content.entries.count + content.spreads.count
            if remainingWork < 0 { return [] }
        }
        // A key met once is noted as ~mark, one met again as mark.
        for field in fields {
            let key = identities.key(field)
            keyMarks[key] = keyMarks[key] == ~(mark + 1) || keyMarks[key] == mark ? mark : ~(mark + 1)
        }
        return fields
    }

    /// Compares the fields of one response key, two at least.
    private mutating func compare(_ group: [Int], _ task: MergeTask) {
        if task.isShapeOnly {
            merge(withSameShape(group, task), isShapeOnly: true, task)
            return
        }
        let parts = parts(of: group)
        // Fields of different objects are never in the same answer: only their shapes must be alike.
        guard parts.objects.count > 1 else {
            merge(withSameShape(withSameField(group, task), task), isShapeOnly: false, task)
            return
        }
        let common = withSameField(parts.abstract, task)
        for object in parts.objects {
            remainingWork -= common.count + object.count
            if remainingWork < 0 { return }
            merge(withSameShape(withSameField(common + object, task), task), isShapeOnly: false, task)
        }
        merge(withSameShape(group, task), isShapeOnly: true, task)
    }

    /// The fields by the type that they are selected on: those of interfaces and unions, and those of each object.
    private func parts(of group: [Int]) -> (abstract: [Int], objects: [[Int]]) {
        var abstract: [Int] = []
        var objects: [[Int]] = []
        var indices: [ObjectIdentifier: Int] = [:]
        for field in group {
            let parent = scopes.entries[field].parent
            if parent.kind != .object {
                abstract.append(field)
            } else if let index = indices[ObjectIdentifier(parent)] {
                objects[index].append(field)
            } else {
                indices[ObjectIdentifier(parent)] = objects.count
                objects.append([field])
            }
        }
        return (abstract, objects)
    }

    /// The fields whose types have the shape of the first; the others are reported.
    private mutating func withSameShape(_ group: [Int], _ task: MergeTask) -> [Int] {
        guard let first = group.first(where: { scopes.entries[$0].definition != nil }) else { return group }
        return group.filter { field in
            guard let type = scopes.entries[field].definition?.type,
                let expected = scopes.entries[first].definition?.type,
                identities.shape(field) != identities.shape(first)
            else { return true }
            report(first, field, "they return conflicting types \"\(expected)\" and \"\(type)\"", task)
            return false
        }
    }

    /// The fields that are the same field with the same arguments as the first; the others are reported.
    private mutating func withSameField(_ group: [Int], _ task: MergeTask) -> [Int] {
        guard let first = group.first else { return [] }
        return group.filter { field in
            if identities.signature(field) == identities.signature(first) { return true }
            let names = [first, field].map { scopes.entries[$0].field.name.value }
            let reason =
                names[0] == names[1]
                ? "they have differing arguments"
                : "\"\(names[0].bounded)\" and \"\(names[1].bounded)\" are different fields"
            report(first, field, reason, task)
            return false
        }
    }

    /// Has what is below fields of one response key merged.
    private mutating func merge(_ group: [Int], isShapeOnly: Bool, _ task: MergeTask) {
        let parents = group.filter { scopes.entries[$0].child != nil }
        var children: [Int] = []
        for child in parents.compactMap({ scopes.entries[$0].child }).map(resolved).sorted()
        where children.last != child { children.append(child) }
        guard let first = parents.first, !children.isEmpty else { return }
        remainingWork -= children.count
        guard children.count > 1 else {
            add(children, isShapeOnly: isShapeOnly, merge: nil)
            return
        }
        merges.append((first, parents[1], task.merge))
        add(children, isShapeOnly: isShapeOnly, merge: merges.count - 1)
    }

    private mutating func report(_ first: Int, _ second: Int, _ reason: String, _ task: MergeTask) {
        guard reported.insert([min(first, second), max(first, second)]).inserted else { return }
        var text = reason
        var offsets = [scopes.entries[first].field.offset, scopes.entries[second].field.offset]
        var key = scopes.entries[first].field.responseKey
        var above = task.merge
        // Longer ways are told from their end.
        while let index = above, offsets.count < 20 {
            let merge = merges[index]
            text = "subfields \"\(key.bounded)\" conflict because \(text)"
            key = scopes.entries[merge.first].field.responseKey
            offsets = [merge.first, merge.second].map { scopes.entries[$0].field.offset } + offsets
            above = merge.above
        }
        context.report(
            "Fields \"\(key.bounded)\" conflict because \(text). Use different aliases on the fields to fetch both if "
                + "this was intentional.",
            at: offsets)
    }
}
