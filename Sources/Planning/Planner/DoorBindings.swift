extension RouteDescription {
    /// The bindings of the route's inputs at a REST door: a variable, or `$args.x`, takes the door's path or query
    /// parameter of that name; headers and the profile are the request's. There is no parent at a door.
    ///
    /// - Parameter hasTokens: whether tokens are believed, so that there may be claims.
    /// - Returns: a binding for each of `inputs`, in that order; parameters are `.argument` with one name.
    /// - Throws: the first input that a door can't bind.
    public func doorBindings(hasTokens: Bool) throws(DoorBindingError) -> [Binding] {
        var bindings: [Binding] = []
        for (index, input) in inputs.enumerated() {
            switch input {
            case .variable(let name): bindings.append(.argument([name]))
            case .expression(.argument(let names)):
                guard names.count == 1 else { throw error(index, "a parameter holds no object to look into") }
                bindings.append(.argument(names))
            case .expression(.header(let name)): bindings.append(.header(name))
            case .expression(.clientSubject): bindings.append(.clientSubject)
            case .expression(.profile): bindings.append(.profile)
            case .expression(.this), .expression(.batch): throw error(index, "there is no parent to read from")
            case .expression(.claim(let names)):
                guard hasTokens else { throw error(index, "there are no claims without auth.jwt") }
                bindings.append(.claim(names))
            }
        }
        return bindings
    }

    private func error(_ index: Int, _ reason: String) -> DoorBindingError {
        DoorBindingError(
            input: inputName(index), message: "Route \"\(name)\" uses \(inputName(index)) at a REST door: \(reason).")
    }
}

/// A route needs what a REST door can't give.
public struct DoorBindingError: Error, Sendable, Hashable {
    /// The input as its author wrote it.
    public let input: String
    /// A sentence for the author of the configuration.
    public let message: String
}
