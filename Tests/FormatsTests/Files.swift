import TestSupport

/// The files that Reference/mats.py made.
enum Files {
  static let folder =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Data"

  static func read(_ name: String) throws -> [UInt8] {
    try MemoryHost(readsDisk: true).read(folder + "/" + name)
  }
}
