import Host

/// Signs messages with a key, as Jupyter asks: HMAC with SHA-256, from libsodium, which Debian's ZeroMQ
/// needs anyway.
struct Signature {
  private typealias Start = @convention(c) () -> Int32
  private typealias Size = @convention(c) () -> Int
  private typealias Begin =
    @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer?, Int) -> Int32
  private typealias Update =
    @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer?, UInt64)
    -> Int32
  private typealias End = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32

  private let key: [UInt8]
  private let stateSize: Int
  private let begin: Begin
  private let update: Update
  private let end: End

  /// Loads the library. Throws `library` if it is not installed.
  init(key: [UInt8]) throws {
    let all = try SharedLibrary(
      "libsodium.so.23", called: "libsodium", package: "libsodium23",
      for: "kernel")
    self.key = key
    guard try all.function("sodium_init", as: Start.self)() >= 0 else {
      throw Failure("kernel", "kernel: libsodium could not be started")
    }
    stateSize = try all.function("crypto_auth_hmacsha256_statebytes", as: Size.self)()
    begin = try all.function("crypto_auth_hmacsha256_init", as: Begin.self)
    update = try all.function("crypto_auth_hmacsha256_update", as: Update.self)
    end = try all.function("crypto_auth_hmacsha256_final", as: End.self)
  }

  /// Returns the signature of parts that follow each other, as hexadecimal digits.
  func text(of parts: [[UInt8]]) -> String {
    var signature = [UInt8](repeating: 0, count: 32)
    // SAFETY: the size is the library's, and no type of C needs a larger alignment.
    let state = UnsafeMutableRawPointer.allocate(byteCount: stateSize, alignment: 16)
    defer { state.deallocate() }
    _ = key.withUnsafeBytes { begin(state, $0.baseAddress, $0.count) }
    for part in parts {
      _ = part.withUnsafeBytes { update(state, $0.baseAddress, UInt64($0.count)) }
    }
    _ = signature.withUnsafeMutableBytes { bytes in bytes.baseAddress.map { end(state, $0) } }
    return signature.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
