import Host
import TestSupport

@testable import Formats

/// The files that the scripts in Reference made.
enum Files {
  static let folder =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Data"

  static func read(_ name: String) throws -> [UInt8] {
    try MemoryHost(readsDisk: true).read(folder + "/" + name)
  }

  /// A MATLAB file of version 5 with its variables unpacked. What packed bytes hold is hardly ever
  /// reached by damage otherwise, since their checksum is compared first.
  static func unpackedMAT(_ bytes: [UInt8]) throws -> [UInt8] {
    var elements = MATElements(bytes[128...], isBigEndian: false, file: "a.mat")
    var plain = Array(bytes[..<128])
    while !elements.rest.isEmpty {
      let whole = elements.rest
      let (kind, data) = try elements.nextVariable()
      if kind == MATElements.Kind.compressed {
        let refuse = { (reason: String) in Failure("mat-format", reason) }
        let tag = try Inflate(data, .zlib, refuse: refuse).read(8)
        plain += try Inflate.whole(data, count: 8 + elements.word(tag[...], 1), refuse: refuse)
      } else {
        plain += whole.prefix(8 + data.count)
      }
    }
    return plain
  }
}
