// swift-tools-version: 6.3
import PackageDescription

// Every Swift target is built the same way: language mode 6, the upcoming features of 6.3, strict
// memory safety, warnings as errors. Release builds optimise across modules, since the byte path
// crosses several (measured: a byte-wise call over a module boundary is five times slower without), and leave out the
// run-time check of overlapping accesses, which debug builds and so all tests do (measured: 40 % of the user time of a
// small request).
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization", "-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

// The raw client of the tests is C calls from end to end: marking each as unsafe would tell nobody anything.
let supportSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: [], swiftSettings: settings)
}

func systemLibrary(_ name: String, pkgConfig: String? = nil, debian: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: debian.map { [.apt([$0])] })
}

let package = Package(
    name: "sluice",
    products: [.executable(name: "sluice", targets: ["sluice"])],
    targets: [
        // From the top down; a target imports only what stands below it (Tests/ArchitectureTests checks it).
        .executableTarget(
            name: "sluice",
            dependencies: [
                "Gateway", "DemoServices", "OpenAPI", "Planning", "EventLoop", "Configuration", "Telemetry",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "JSONBenchmark", dependencies: ["JSON", "Bytes"], path: "Benchmarks/JSON", swiftSettings: settings),
        .executableTarget(
            name: "InstructionBenchmark",
            dependencies: [
                "Execution", "Planning", "GraphQL", "Telemetry", "Resilience", "EventLoop", "HTTP", "JSON", "Bytes",
            ],
            path: "Benchmarks/Instructions", exclude: ["run", "ceilings.txt"], swiftSettings: settings),
        module("DemoServices", ["HTTPServer", "HTTP", "EventLoop", "Bytes"]),
        module(
            "Gateway",
            [
                "OpenAPI", "Execution", "Planning", "Upstream", "HTTPServer", "EventLoop", "Configuration", "Telemetry",
                "Redis", "Resilience", "GraphQL", "JOSE", "JSON", "HTTP", "Bytes", "CLibSSL",
            ]),
        module("OpenAPI", ["Planning", "Configuration", "GraphQL", "JSON", "HTTP"]),
        module("Execution", ["Planning", "Upstream", "GraphQL", "EventLoop", "HTTP", "JSON", "Bytes"]),
        module("Planning", ["GraphQL", "HTTP", "JSON", "Bytes"]),
        module("Upstream", ["HTTP", "EventLoop", "Redis", "Resilience", "Telemetry", "Bytes", "CLibCurl", "CLinux"]),
        module("HTTPServer", ["HTTP", "EventLoop", "Telemetry", "Bytes", "CLibSSL", "CLinux"]),
        module("Redis", ["EventLoop", "Telemetry", "Resilience", "Bytes", "CLibHiredis", "CLibSSL"]),
        module("EventLoop", ["Bytes", "CLinux"]),
        module("Configuration", ["JSON", "CLibYAML"]),
        module("Telemetry", ["Bytes"]),
        module("Resilience"),
        module("GraphQL"),
        module("JOSE", ["JSON", "Bytes", "CLibSSL"]),
        module("JSON", ["Bytes", "CSIMD"]),
        module("HTTP", ["Bytes"]),
        module("Bytes"),
        systemLibrary("CLinux"),
        systemLibrary("CLibCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        systemLibrary("CLibHiredis", debian: "libhiredis-dev"),
        systemLibrary("CLibSSL", pkgConfig: "openssl", debian: "libssl-dev"),
        systemLibrary("CLibYAML", pkgConfig: "yaml-0.1", debian: "libyaml-dev"),
        systemLibrary("CSIMD"),
        .target(
            name: "TestSupport", dependencies: ["EventLoop", "CLinux"], path: "Tests/TestSupport",
            swiftSettings: supportSettings),
        .target(
            name: "FuzzEntries",
            dependencies: [
                "JOSE",
                "Gateway", "OpenAPI", "Planning", "Configuration", "GraphQL", "JSON", "Telemetry", "HTTP", "Bytes",
            ],
            path: "Tests/Fuzz/Entries", swiftSettings: settings),
        tests("FuzzTests", ["FuzzEntries"]),
        tests("EndToEndTests", ["sluice", "TestSupport", "EventLoop"], exclude: ["Clients", "Fixtures"]),
        tests("ArchitectureTests", []),
        tests("CommandTests", ["sluice", "EventLoop", "TestSupport"]),
        tests(
            "GatewayTests",
            [
                "Gateway", "Configuration", "Upstream", "Telemetry", "Resilience", "HTTPServer", "EventLoop", "Bytes",
                "TestSupport",
            ], exclude: ["Golden"]),
        tests("GraphQLTests", ["GraphQL", "TestSupport"]),
        tests(
            "ExecutionTests",
            [
                "Execution", "Planning", "Upstream", "Telemetry", "GraphQL", "EventLoop", "HTTP", "JSON", "Bytes",
                "TestSupport",
            ],
            exclude: ["Oracle/oracle.js"]),
        tests("EventLoopTests", ["EventLoop", "Bytes", "TestSupport"]),
        tests("HTTPServerTests", ["HTTPServer", "HTTP", "EventLoop", "Bytes", "TestSupport"]),
        tests("HTTPTests", ["HTTP", "Bytes", "TestSupport"]),
        tests("ConfigurationTests", ["Configuration", "TestSupport"], exclude: ["Golden"]),
        tests(
            "DemoServicesTests",
            ["DemoServices", "Configuration", "Planning", "GraphQL", "HTTP", "EventLoop", "TestSupport"]),
        tests("JOSETests", ["JOSE", "Bytes", "CLibSSL"]),
        tests("JSONTests", ["JSON", "Bytes", "TestSupport"]),
        tests(
            "OpenAPITests", ["OpenAPI", "Configuration", "Planning", "GraphQL", "HTTP", "TestSupport"],
            exclude: ["Fixtures"]),
        tests("PlanningTests", ["Planning", "GraphQL", "HTTP", "JSON", "Bytes", "TestSupport"]),
        tests("RedisTests", ["Redis", "EventLoop", "Telemetry", "Bytes", "TestSupport"]),
        tests("ResilienceTests", ["Resilience", "TestSupport"]),
        tests("TelemetryTests", ["Telemetry", "Bytes"]),
        tests(
            "UpstreamTests",
            ["Upstream", "HTTP", "EventLoop", "Resilience", "Telemetry", "Bytes", "TestSupport"],
            exclude: ["Fixtures"]),
    ]
)

// libFuzzer brings its own main, so the fuzzer is built only where it is asked for.
if Context.environment["SLUICE_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzEntries"], path: "Tests/Fuzz", exclude: ["Corpus", "Entries"],
            sources: ["Fuzz.swift"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
