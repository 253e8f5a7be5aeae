extension GatewayConfiguration {
    /// What is in order and unwise all the same, as warnings. For a configuration without errors: while something is
    /// wrong, that comes first.
    public var advice: [Problem] {
        let problems = ProblemCollector(file: file)
        ExposureAdvice(configuration: self, problems: problems).give()
        FailureAdvice(configuration: self, problems: problems).give()
        return problems.problems
    }
}

extension GatewayConfiguration {
    /// The routes that call an upstream.
    func routes(to upstream: UpstreamConfiguration) -> [RouteConfiguration] {
        routes.filter { $0.upstream.value == upstream.name.value }
    }

    /// Whether some door hands requests on to an upstream as they are.
    func isPassedThrough(_ upstream: UpstreamConfiguration) -> Bool {
        doors.contains { door in
            if case .upstream(let name, _) = door.destination { name.value == upstream.name.value } else { false }
        }
    }
}
