extension TargetSet {
    /// The index of the target that the next try goes to. There is at least one target. Takes time linear in their
    /// number, and allocates nothing.
    ///
    /// In this order: a usable canary where the request prefers one; a usable target for everybody; one that this call
    /// has tried already, where only such are left; and if none for everybody is usable, all of them, as being told to
    /// go nowhere helps nobody.
    /// - Parameters:
    ///   - last: the target of the call's last try, which is tried again only if there is no other.
    ///   - isTried: whether the call has tried the target with this index.
    public mutating func pick(
        _ preference: TargetPreference, now: UInt64, using random: inout some RandomNumberGenerator,
        last: Int? = nil, isTried: (Int) -> Bool = { _ in false }
    ) -> Int {
        var chooser = Chooser(targets: targets, settings: settings, key: preference.key, now: now)
        if preference.group != 0 {
            chooser.group = preference.group
            if let index = chooser.next(&rotation, &random, where: { !isTried($0) }) { return index }
            chooser.group = 0
        }
        if let index = chooser.next(&rotation, &random, where: { !isTried($0) }) { return index }
        if last != nil {
            if let index = chooser.next(&rotation, &random, where: { $0 != last }) { return index }
            if let index = chooser.next(&rotation, &random, where: { _ in true }) { return index }
        }
        chooser.needsUsable = false
        if let index = chooser.next(&rotation, &random, where: { !isTried($0) }) { return index }
        if let index = chooser.next(&rotation, &random, where: { $0 != last }) { return index }
        return last ?? 0
    }

    private struct Chooser {
        let targets: [Target]
        let settings: Settings
        let key: UInt64?
        let now: UInt64
        var group = 0
        var needsUsable = true

        func next(
            _ rotation: inout TargetRotation, _ random: inout some RandomNumberGenerator,
            where isWanted: (Int) -> Bool
        ) -> Int? {
            func weight(_ index: Int) -> Int {
                let target = targets[index]
                guard target.member.group == group, !needsUsable || target.isUsable(now: now), isWanted(index) else {
                    return 0
                }
                return target.weight(settings.slowStart, now: now)
            }
            switch settings.balance {
            case .leastRequests:
                return PowerOfTwoChoices.pick(count: targets.count, using: &random, weight: weight) {
                    targets[$0].inFlight
                }
            case .hash:
                guard let key else { return rotation.next(weight: weight) }
                // Whole weights: a key must not wander while a target starts slowly.
                return RendezvousHash.pick(
                    key: key, count: targets.count, weight: { weight($0) > 0 ? targets[$0].member.weight : 0 }
                ) { targets[$0].member.identity }
            case .roundRobin:
                return rotation.next(weight: weight)
            }
        }
    }
}
