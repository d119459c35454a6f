import CMatIO
import Glibc
import Host
import Synchronization

/// The content of a MATLAB file of version 4 to 7; from version 5 on, it is read with matio.
/// Numbers are in MATLAB's order, in which the first index varies fastest.
public struct MATFile: Sendable {
  /// The variables, in the file's order.
  public let variables: [(name: String, value: MATValue)]
  /// The names of the variables that are not supported, such as functions and sparse matrices, with
  /// their kinds.
  public let leftOut: [(name: String, kind: String)]
  private let path: String

  /// Reads a file. Throws `mat-format`, `mat-truncated`, `mat-library`, `out-of-memory` and the
  /// errors of the host.
  public init(_ path: String, host: Host) throws {
    try self.init(host.read(path), name: path)
  }

  /// Reads the bytes of a file; `name` is used in error messages.
  public init(_ bytes: [UInt8], name: String) throws {
    path = name
    if MATVersion4.isOne(bytes) {
      let file = try MATVersion4(bytes, name: name)
      (variables, leftOut) = (file.variables, file.leftOut)
      return
    }
    let layout = try MATLayout(bytes, name: name)
    // The memory that matio uses is the numbers and about 400 bytes per matrix; the values use as
    // much again.
    let room = 2 * (layout.plain.count + 400 * layout.matrixCount)
    try Memory.reserve(room, for: "mat: the variables of \(name)")
    defer { Memory.release(room) }
    leftOut = layout.leftOut
    variables = try MATReader.lock.withLock { _ in try MATReader(name: name).read(layout.plain) }
  }

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

/// Reads bytes that have been validated, using matio, one file at a time.
private struct MATReader {
  let name: String

  /// A lock around all calls to matio.
  static let lock = Mutex(())

  func read(_ plain: [UInt8]) throws -> [(name: String, value: MATValue)] {
    var text = [CChar](repeating: 0, count: 256)
    guard let matio = lbk_matio_load(&text)?.pointee else {
      throw Failure(
        "mat-library", "mat: libmatio could not be loaded: \(MATReader.string(text))",
        hint: "install Debian's package: apt-get install libmatio11")
    }
    lbk_matio_said(&text)
    let descriptor = plain.withUnsafeBytes { lbk_memory_file($0.baseAddress, $0.count) }
    guard descriptor >= 0 else {
      throw Failure("mat-format", "mat: \(name): no file in memory could be made for matio")
    }
    defer { close(descriptor) }
    guard let file = matio.open("/proc/self/fd/\(descriptor)", Int32(MAT_ACC_RDONLY.rawValue))
    else {
      throw refusal()
    }
    defer { _ = matio.close(file) }
    var result: [(name: String, value: MATValue)] = []
    while let variable = matio.read_next(file) {
      defer { matio.free_variable(variable) }
      let label = variable.pointee.name.map { String(cString: $0) } ?? ""
      result.append((name: label, value: try value(variable, matio)))
    }
    if plain.count > 128 && result.isEmpty { throw refusal() }
    return result
  }

  private func refusal() -> Failure {
    var text = [CChar](repeating: 0, count: 256)
    lbk_matio_said(&text)
    let reason = MATReader.string(text)
    return Failure(
      "mat-format",
      "mat: \(name) can't be read (matio: \(reason.isEmpty ? "no reason given" : reason))")
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Converts a matio variable to a value.
  private func value(_ pointer: UnsafeMutablePointer<matvar_t>, _ matio: lbk_matio) throws
    -> MATValue
  {
    let variable = pointer.pointee
    guard variable.rank > 0, variable.rank <= 32, let dims = variable.dims else { return .empty }
    let shape = (0..<Int(variable.rank)).map { Int(clamping: dims[$0]) }
    // The layout has been checked, so the product does not overflow.
    let count = shape.reduce(1, &*)
    switch variable.class_type {
    case MAT_C_EMPTY: return .empty
    case MAT_C_CELL:
      return .cells(
        MATCells(shape: shape, values: try inner(variable, count, matio)))
    case MAT_C_STRUCT:
      let fields = Int(matio.field_count(pointer))
      let names = matio.field_names(pointer)
      // SAFETY: matio returns as many names as it counts.
      let list = (0..<fields).map { i in names?[i].map { String(cString: $0) } ?? "" }
      return .structs(
        MATStructs(shape: shape, fields: list, values: try inner(variable, count &* fields, matio)))
    case MAT_C_CHAR: return .text(text(variable, shape, count))
    default:
      guard let type = ElementType(variable.data_type) else {
        throw Failure(
          "mat-format", "mat: \(name) holds numbers of matio's type \(variable.data_type.rawValue)")
      }
      let size = count &* type.size
      guard variable.isComplex == 0, let data = variable.data, variable.nbytes >= size,
        variable.data_size == type.size
      else {
        guard count == 0 else { throw refusal() }
        return .numbers(MATNumbers(shape: shape, type: type, bytes: []))
      }
      // SAFETY: the data that matio returns is nbytes bytes long.
      let bytes = Array(UnsafeRawBufferPointer(start: data, count: size))
      return .numbers(MATNumbers(shape: shape, type: type, bytes: bytes))
    }
  }

  /// Returns the elements of a cell or struct, in matio's order.
  private func inner(_ variable: matvar_t, _ count: Int, _ matio: lbk_matio) throws -> [MATValue] {
    guard count > 0 else { return [] }
    let size = MemoryLayout<UnsafeMutablePointer<matvar_t>?>.stride
    guard let data = variable.data, count <= variable.nbytes / size else { throw refusal() }
    // SAFETY: the data of a cell or struct is nbytes bytes of pointers to variables.
    let items = data.assumingMemoryBound(to: UnsafeMutablePointer<matvar_t>?.self)
    return try (0..<count).map { i in try items[i].map { try value($0, matio) } ?? .empty }
  }

  /// Returns the text of a character array; the rows of a matrix are joined with newlines.
  private func text(_ variable: matvar_t, _ shape: [Int], _ count: Int) -> String {
    guard let data = variable.data, count > 0 else { return "" }
    let raw = UnsafeRawBufferPointer(start: data, count: variable.nbytes)
    let rows = shape[0]
    // The characters of a matrix with several rows can be located only if each takes one byte.
    let isUTF8 = variable.data_type == MAT_T_UTF8
    if isUTF8, rows == 1 || raw.count != count || raw.contains(where: { $0 > 127 }) {
      return String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
    let units: [UInt16]
    switch isUTF8 ? 1 : variable.data_size {
    case 1: units = raw.prefix(count).map { UInt16($0) }
    case 2:
      units = (0..<min(count, raw.count / 2)).map {
        raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)
      }
    default: return ""
    }
    guard rows > 1, units.count == count else { return String(decoding: units, as: UTF16.self) }
    return (0..<rows).map { row in
      String(
        decoding: stride(from: row, to: count, by: rows).map { units[$0] }, as: UTF16.self)
    }.joined(separator: "\n")
  }
}

extension ElementType {
  fileprivate init?(_ type: matio_types) {
    switch type {
    case MAT_T_INT8: self = .int8
    case MAT_T_UINT8: self = .uint8
    case MAT_T_INT16: self = .int16
    case MAT_T_UINT16: self = .uint16
    case MAT_T_INT32: self = .int32
    case MAT_T_UINT32: self = .uint32
    case MAT_T_INT64: self = .int64
    case MAT_T_UINT64: self = .uint64
    case MAT_T_SINGLE: self = .float32
    case MAT_T_DOUBLE: self = .float64
    default: return nil
    }
  }
}
