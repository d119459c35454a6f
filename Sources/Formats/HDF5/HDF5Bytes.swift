import Host

/// The bytes of an HDF5 file, in which every access is checked. Numbers are little-endian; addresses
/// count from the file's base.
struct HDF5Bytes {
  let bytes: [UInt8]
  /// Where the HDF5 file begins: what is before belongs to the program that wrote it.
  let base: Int
  /// The file's name, for error messages.
  let file: String

  /// Returns `count` bytes at an address. Throws `mat-format` if they are not there.
  func part(_ address: Int, _ count: Int) throws -> ArraySlice<UInt8> {
    guard address >= 0, count >= 0, address <= bytes.count - base,
      count <= bytes.count - base - address
    else { throw damaged("\(count) bytes at \(address) are outside") }
    return bytes[base + address..<base + address + count]
  }

  /// Returns the bytes that follow a signature at an address.
  func part(_ address: Int, after signature: String, _ count: Int) throws -> HDF5Cursor {
    let bytes = try part(address, 4 + count)
    guard bytes.starts(with: signature.utf8) else {
      throw damaged("expected the signature \(signature) at \(address)")
    }
    return HDF5Cursor(bytes.dropFirst(4), self)
  }

  func cursor(_ address: Int, _ count: Int) throws -> HDF5Cursor {
    HDF5Cursor(try part(address, count), self)
  }

  func damaged(_ what: String) -> Failure {
    Failure("mat-format", "\(file) is damaged: its HDF5 is wrong: \(what)")
  }
}

/// Reads the fields of an HDF5 structure one after the other.
struct HDF5Cursor {
  private(set) var rest: ArraySlice<UInt8>
  private let file: HDF5Bytes

  init(_ bytes: ArraySlice<UInt8>, _ file: HDF5Bytes) { (rest, self.file) = (bytes, file) }

  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else {
      throw file.damaged("a structure ends after \(rest.count) of \(count) bytes")
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func skip(_ count: Int) throws { _ = try bytes(count) }

  /// Reads a number of up to 8 bytes. Throws if it does not fit into an `Int`.
  mutating func number(_ size: Int) throws -> Int {
    let bits = try bytes(size).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: bits) else { throw file.damaged("a number is too large") }
    return number
  }

  /// Reads an address; nil if it says that there is nothing.
  mutating func address() throws -> Int? {
    let bytes = try bytes(8)
    if bytes.allSatisfy({ $0 == 0xFF }) { return nil }
    var cursor = HDF5Cursor(bytes, file)
    return try cursor.number(8)
  }
}

/// What this reader does not know, though it is not damaged: `data packed by filter 32001`.
struct HDF5Unread: Error {
  let what: String
}
