/// The version of the program.
public enum GatewayVersion {
    /// As `sluice version` and `/state` say it.
    public static let text = "0.1.0"
}
