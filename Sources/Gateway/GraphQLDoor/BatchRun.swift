internal import Bytes
internal import Execution
internal import HTTP

/// A batch under way: its operations run side by side, and their answers leave in the order of the requests.
/// Belongs to the shard's loop.
final class BatchRun {
    private let door: GraphQLDoor
    private let request: GatewayRequest
    private let form: ResponseForm
    private var answers: [ByteBuffer?]
    private var missing: Int

    init(_ door: GraphQLDoor, _ request: GatewayRequest, _ form: ResponseForm, count: Int) {
        self.door = door
        self.request = request
        self.form = form
        answers = Array(repeating: nil, count: count)
        missing = count
    }

    /// Starts every entry. The runs keep the batch alive until its answer is sent or the client is gone.
    func start(_ entries: [OperationRequest]) {
        for (index, entry) in entries.enumerated() {
            do throws(OperationPreparation.Refusal) {
                let ready = try door.prepare(entry, request)
                guard let limits = request.snapshot.rateLimits?.door else {
                    run(ready, index)
                    continue
                }
                request.limit(limits, LimitedOperation(ready)) { [self] refusal in
                    guard let refusal else { return run(ready, index) }
                    refuse(index, [RequestError(code: .rateLimited, message: refusal.message)])
                }
            } catch {
                refuse(index, error.errors)
            }
        }
    }

    private func run(_ ready: OperationPreparation.Ready, _ index: Int) {
        OperationRunner.run(ready, request) { [self] output, _ in complete(index, output) }
    }

    private func refuse(_ index: Int, _ errors: [RequestError]) {
        let output = door.takeBuffer()
        ErrorResponses.appendRequestErrors(errors, to: output)
        complete(index, output)
    }

    private func complete(_ index: Int, _ output: ByteBuffer) {
        answers[index] = output
        missing -= 1
        guard missing == 0 else { return }
        let whole = door.takeBuffer()
        whole.append(UInt8(ascii: "["))
        for (index, answer) in answers.enumerated() {
            if index > 0 { whole.append(UInt8(ascii: ",")) }
            guard let answer else { continue }
            whole.append(answer)
            door.giveBackBuffer(answer)
        }
        whole.append(UInt8(ascii: "]"))
        // 200 whatever the answers are.
        door.respond(request, form, .data, whole)
    }
}
