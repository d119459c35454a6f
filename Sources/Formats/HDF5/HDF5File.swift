import Host

/// An HDF5 file of the form that MATLAB, h5py and most other programs write by default: groups with
/// symbol tables, and data that are in one piece or in chunks, which may be compressed. The library
/// libhdf5 is not used, since damaged files make it crash: of at most 600 files in which a few
/// bytes of a structure were changed, at least 7 ended version 1.10.8. Here each size and address is checked.
struct HDF5File {
  let content: HDF5Bytes
  /// The address of the outermost group.
  let root: Int

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Returns where in the bytes an HDF5 file begins; nil if there is none.
  static func start(in bytes: [UInt8]) -> Int? {
    var start = 0
    while start <= bytes.count - 8 {
      if bytes[start...].starts(with: signature) { return start }
      start = max(512, 2 * start)
    }
    return nil
  }

  /// Reads the superblock. Throws `mat-format`; `name` is used in error messages.
  init(_ bytes: [UInt8], name: String) throws {
    guard let start = HDF5File.start(in: bytes) else {
      throw Failure("mat-format", "\(name) is not an HDF5 file")
    }
    content = HDF5Bytes(bytes: bytes, base: start, file: name)
    var block = try content.cursor(8, 88)
    let version = try block.number(1)
    guard version <= 1 else {
      throw Failure(
        "mat-format", "\(name) is an HDF5 file in its newer form, which is not read",
        hint: "write it with h5py.File(path, \"w\", libver=\"earliest\")")
    }
    try block.skip(4)
    guard try block.number(1) == 8, try block.number(1) == 8 else {
      throw content.damaged("its addresses are not 8 bytes long")
    }
    try block.skip(version == 0 ? 9 : 13)
    guard try block.number(8) == start else {
      throw content.damaged("it does not begin at byte \(start)")
    }
    _ = try block.address()
    guard let end = try block.address(), end <= bytes.count else {
      throw Failure("mat-format", "\(name) is cut short: \(bytes.count) bytes are there")
    }
    try block.skip(16)
    root = try block.number(8)
  }

  /// Reads the header of the object at an address.
  func object(_ address: Int) throws -> HDF5Object { try HDF5Object(self, address) }
}
