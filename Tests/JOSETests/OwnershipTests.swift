import CLibSSL
import Synchronization
import Testing

@testable import JOSE

@Suite("Keys of libcrypto's belong to one owner")
struct OwnershipTests {
    /// How many marked keys were freed.
    private static let freed = Atomic<Int>(0)

    /// Where libcrypto keeps the mark of a key; it tells when a marked one goes.
    private static let mark: Int32 = unsafe CRYPTO_get_ex_new_index(
        CRYPTO_EX_INDEX_EVP_PKEY, 0, nil, nil, nil,
        { _, value, _, _, _, _ in if unsafe value != nil { OwnershipTests.freed.add(1, ordering: .relaxed) } })

    private static func key(bits: Int) throws -> OpaquePointer {
        let modulus = [UInt8](repeating: 0xC1, count: bits / 8)
        let encoded = DER.publicKey(modulus: modulus, exponent: [1, 0, 1])
        let key = unsafe encoded.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, buffer.count)
        }
        let handle = try unsafe #require(key)
        unsafe EVP_PKEY_set_ex_data(handle, mark, UnsafeMutableRawPointer(bitPattern: 1))
        return unsafe handle
    }

    @Test func `a key is freed with its owner, and at once where it can't be used`() throws {
        #expect(throws: VerificationKey.Unusable.self) {
            _ = try unsafe VerificationKey(handle: Self.key(bits: 1024), identifier: nil, algorithm: nil)
        }
        #expect(Self.freed.load(ordering: .relaxed) == 1, "too short")
        #expect(throws: VerificationKey.Unusable.self) {
            _ = try unsafe VerificationKey(handle: Self.key(bits: 2048), identifier: nil, algorithm: .es256)
        }
        #expect(Self.freed.load(ordering: .relaxed) == 2, "of another kind")
        var key: VerificationKey? = try unsafe VerificationKey(
            handle: Self.key(bits: 2048), identifier: nil, algorithm: nil)
        #expect(key?.kind == "an RSA key of 2048 bits" && Self.freed.load(ordering: .relaxed) == 2)
        key = nil
        #expect(Self.freed.load(ordering: .relaxed) == 3)
    }
}
