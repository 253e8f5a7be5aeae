internal import Execution
internal import Planning
internal import Synchronization

/// A type's shape for each profile; and, where some of its fields are under `@auth`, for callers of each kind, made when
/// the first of them comes. Any thread.
final class ShapedDoors: Sendable {
    /// Kinds of callers whose shapes are kept; further ones are made anew each time.
    private static let maximumVariants = 256

    private let mapping: MappedSchema
    private let typeName: String
    /// By profile index, for callers without a token.
    private let doors: [ExecutableDoor]
    private let isRestricted: Bool
    private let variants = Mutex<[Caller: ExecutableDoor]>([:])

    private struct Caller: Hashable {
        let profile: Int
        let grants: Grants
    }

    init(_ mapping: MappedSchema, _ typeName: String) throws(ShapedDoorError) {
        self.mapping = mapping
        self.typeName = typeName
        var doors: [ExecutableDoor] = []
        for profile in mapping.profiles.profiles {
            let door = try ShapedDoor(mapping: mapping, typeName: typeName, profile: profile, grants: .anonymous)
            doors.append(ExecutableDoor(door))
        }
        self.doors = doors
        isRestricted = mapping.hasProtectedField(below: typeName)
    }

    /// The shape that a caller gets.
    func door(_ profile: Profile, _ grants: Grants) -> ExecutableDoor {
        let usual = doors[profile.index]
        guard isRestricted, grants != .anonymous else { return usual }
        let caller = Caller(profile: profile.index, grants: grants)
        if let known = variants.withLock({ $0[caller] }) { return known }
        do throws(ShapedDoorError) {
            let made = ExecutableDoor(
                try ShapedDoor(mapping: mapping, typeName: typeName, profile: profile, grants: grants))
            variants.withLock { if $0.count < Self.maximumVariants { $0[caller] = made } }
            return made
        } catch {
            // The type was found when the door was made; who sees least is a safe answer all the same.
            return usual
        }
    }
}
