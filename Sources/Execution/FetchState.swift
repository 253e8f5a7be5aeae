internal import JSON

/// How far one fetch of the plan has come in a run.
struct FetchState: BitwiseCopyable {
    /// Instances whose call is still awaited.
    var outstanding: Int32 = 0
    /// No more parents will come: the parent fetch is finished.
    var isClosed = false
    /// Closed, and nothing outstanding.
    var isFinished = false
    /// Its place in `OperationRun.batches`; −1 for a fetch that makes a call per parent.
    var batch: Int32 = -1
}

/// One parent of a batch: which key it has, and where its value is joined.
struct BatchParent: BitwiseCopyable {
    var join: Int32
    /// Index of its key among the distinct keys.
    var key: Int32
    /// The entry of the field that is fetched.
    var field: Int32
}

/// What a batch has gathered of its parents.
struct BatchState {
    var parents: [BatchParent] = []
    /// The distinct keys.
    var keys = BatchKeys()
    /// Once the calls are made: where each chunk's parents begin, and the end of the last one's. `parents` is sorted by
    /// key then, so that serving all chunks takes time linear in the parents.
    var chunkStarts: [Int] = []

    mutating func removeAll() {
        parents.removeAll(keepingCapacity: true)
        keys.removeAll()
        chunkStarts.removeAll(keepingCapacity: true)
    }

    /// No more parents will come: puts those of each chunk of `size` keys together.
    mutating func close(chunkSize size: Int) {
        parents.sort { $0.key < $1.key }
        chunkStarts.append(0)
        for (index, parent) in parents.enumerated() where Int(parent.key) / size >= chunkStarts.count {
            chunkStarts.append(index)
        }
        chunkStarts.append(parents.count)
    }

    /// The parents of a chunk.
    func parents(ofChunk chunk: Int) -> ArraySlice<BatchParent> {
        parents[chunkStarts[chunk]..<chunkStarts[chunk + 1]]
    }
}

/// Someone who waits for a call: one instance of a fetch, or one chunk of a batch.
struct CallWaiter: BitwiseCopyable {
    var fetch: Int32
    /// The entry of the field that is fetched (a call per parent).
    var field: Int32
    /// Where the value is joined (a call per parent).
    var join: Int32
    /// Which chunk of the batch's keys; −1 for a call per parent.
    var chunk: Int32
    /// The next waiter of the same call; −1 for none.
    var next: Int32
}

/// Finds the call that has already been made with the same text. Open addressing over indices of calls, since a run
/// makes few.
struct CallTable {
    private var slots: [Int32] = Array(repeating: -1, count: 16)
    private var hashes: [Int] = Array(repeating: 0, count: 16)
    private var count = 0

    init() {}

    /// The call of that hash for which `isSame` says so.
    func find(_ hash: Int, where isSame: (Int) -> Bool) -> Int? {
        var index = hash & (slots.count - 1)
        while slots[index] >= 0 {
            if hashes[index] == hash, isSame(Int(slots[index])) { return Int(slots[index]) }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a call that `find` didn't find.
    mutating func insert(_ hash: Int, _ call: Int) {
        if (count + 1) * 2 > slots.count { grow() }
        place(hash, Int32(call))
        count += 1
    }

    private mutating func place(_ hash: Int, _ call: Int32) {
        var index = hash & (slots.count - 1)
        while slots[index] >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = call
        hashes[index] = hash
    }

    private mutating func grow() {
        let old = zip(hashes, slots).filter { $0.1 >= 0 }
        slots = Array(repeating: -1, count: slots.count * 2)
        hashes = Array(repeating: 0, count: slots.count)
        for (hash, call) in old { place(hash, call) }
    }

    mutating func removeAll() {
        guard count > 0 else { return }
        for index in slots.indices { slots[index] = -1 }
        count = 0
    }
}
