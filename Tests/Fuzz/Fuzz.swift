import Foundation
import FuzzEntries

/// libFuzzer's way in: every input goes to the entry that `SLUICE_FUZZ_ENTRY` names.
///
/// Built only with `SLUICE_FUZZ=1`; see `make fuzz`.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    chosen.run(unsafe Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

private let chosen: FuzzEntry = {
    let name = ProcessInfo.processInfo.environment["SLUICE_FUZZ_ENTRY"] ?? ""
    guard let entry = FuzzEntry.all.first(where: { $0.name == name }) else {
        let names = FuzzEntry.all.map(\.name).joined(separator: " ")
        FileHandle.standardError.write(Data("SLUICE_FUZZ_ENTRY has to be one of: \(names)\n".utf8))
        exit(2)
    }
    return entry
}()
