import Host

/// The content of a MATLAB file of any version: 4, 5 to 7, and 7.3, which is HDF5.
/// Numbers are in MATLAB's order, in which the first index varies fastest.
public struct MATFile: Sendable {
  /// The variables, in the file's order.
  public let variables: [(name: String, value: MATValue)]
  /// The names of the variables that are not supported, such as functions and sparse matrices, with
  /// their kinds. A value of this kind inside another one is `unread` there.
  public let leftOut: [(name: String, kind: String)]
  private let path: String

  /// Reads a file. Throws `mat-format`, `mat-truncated`, `out-of-memory` and the errors of the host.
  public init(_ path: String, host: Host) throws {
    try self.init(host.read(path), name: path)
  }

  /// Reads the bytes of a file; `name` is used in error messages.
  public init(_ bytes: [UInt8], name: String) throws {
    path = name
    let all =
      if MATVersion4.isOne(bytes) {
        try MATVersion4(bytes, name: name).variables
      } else if MATVersion73.isOne(bytes) {
        try MATVersion73(bytes, name: name).variables()
      } else {
        try MATVersion5(bytes, name: name).variables
      }
    variables = all.filter { if case .unread = $0.value { false } else { true } }
    leftOut = all.compactMap { name, value in
      if case .unread(let kind) = value { (name, kind) } else { nil }
    }
  }

  /// Returns whether the bytes begin like a MATLAB file of version 5 or later.
  public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("MATLAB ".utf8)) }

  /// Returns a variable. Throws `mat-variable`, with a message that lists the variables of the
  /// file.
  public func variable(_ name: String) throws -> MATValue {
    if let found = variables.first(where: { $0.name == name }) { return found.value }
    if let found = leftOut.first(where: { $0.name == name }) {
      throw Failure("mat-variable", "mat: \(name) in \(path) is \(found.kind), which is not read")
    }
    let names = variables.map(\.name).joined(separator: ", ")
    throw Failure(
      "mat-variable",
      "mat: \(path) has no variable \(name); it has \(names.isEmpty ? "none" : names)")
  }
}
