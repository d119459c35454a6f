import Host

/// MATLAB files of version 5 to 7: a header and a sequence of variables, each of which may be a
/// zlib stream. They are not read with libmatio, which never asks for the checksum of a stream,
/// drops what holds an object, and allocates memory by the dimensions that a damaged file declares.
struct MATVersion5 {
  /// The variables, in the file's order.
  private(set) var variables: [(name: String, value: MATValue)] = []
  private static let headerSize = 128

  /// Reads the bytes of a file; `name` is used in error messages. Throws `mat-format`,
  /// `mat-truncated` and `out-of-memory`.
  init(_ bytes: [UInt8], name: String) throws {
    let isBigEndian = try MATVersion5.checkHeader(bytes, name)
    var elements = MATElements(
      bytes[MATVersion5.headerSize...], isBigEndian: isBigEndian, file: name)
    // What is unpacked is counted while the file is read.
    var unpacked = 0
    defer { Memory.release(unpacked) }
    while !elements.rest.isEmpty {
      try Interrupt.check()
      let start = bytes.count - elements.rest.count
      var (kind, data) = try elements.nextVariable()
      if kind == MATElements.Kind.compressed {
        (kind, data) = try MATVersion5.unpacked(data, elements)
        try Memory.reserve(data.count, for: "mat: the variables of \(name)")
        unpacked += data.count
      }
      guard kind == MATElements.Kind.matrix else {
        throw elements.damaged(
          "at byte \(start) it holds an element of type \(kind), not a variable")
      }
      let (label, value) = try MATMatrix(elements.inside(data), depth: 0).read()
      // MATLAB keeps what its objects refer to in a variable without a name.
      if !label.isEmpty { variables.append((label, value)) }
    }
  }

  /// Decompresses a variable and compares its checksum.
  private static func unpacked(_ packed: ArraySlice<UInt8>, _ elements: MATElements) throws -> (
    kind: Int, data: ArraySlice<UInt8>
  ) {
    let refuse = { (reason: String) in elements.damaged("a packed variable: \(reason)") }
    let tag = try Inflate(packed, .zlib, refuse: refuse).read(8)
    guard tag.count == 8 else { throw elements.truncated("a variable ends in its tag") }
    let size = elements.word(tag[...], 1)
    try Memory.expect(
      min(size, packed.count * Inflate.mostPerByte), for: "mat: the variables of \(elements.file)")
    let bytes = try Inflate.whole(packed, count: 8 + size, refuse: refuse)
    return (elements.word(tag[...], 0), bytes[8...])
  }

  /// Returns whether the numbers are big-endian.
  private static func checkHeader(_ bytes: [UInt8], _ name: String) throws -> Bool {
    let start = bytes.prefix(116)
    func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
    if bytes.isEmpty { throw Failure("mat-format", "mat: \(name) is empty") }
    let text = String(decoding: start.drop { $0 <= 0x20 }.prefix(14), as: UTF8.self).lowercased()
    if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<?xml") {
      throw Failure(
        "mat-format", "mat: \(name) is a web page, not a MATLAB file",
        hint: "the download gave a page in place of the file; download it again")
    }
    if begins("# Created by Octave") || begins("# name:") || begins("Octave-1-") {
      throw Failure(
        "mat-format", "mat: \(name) is in a format of Octave's own, which is not read",
        hint: "save it in Octave with save -v7 \(name) and the variables' names")
    }
    guard bytes.count >= headerSize else {
      throw begins("MATLAB")
        ? Failure("mat-truncated", "mat: \(name) is cut short: it ends in its header")
        : Failure("mat-format", "mat: \(name) is not a MATLAB file")
    }
    switch (bytes[124], bytes[125], bytes[126], bytes[127]) {
    case (0, 1, 0x49, 0x4D): return false
    case (1, 0, 0x4D, 0x49): return true
    default: throw Failure("mat-format", "mat: \(name) is not a MATLAB file")
    }
  }
}
