/// Single scalars, which are strings to a script.
extension StringBox {
  /// The scalar at a position, which must be within 0..<count, as a string.
  func scalar(at position: Int) -> Value {
    if isASCII { return StringBox.ascii[Int(withBytes { $0[position] })] }
    return Value(slice(position, position + 1))
  }

  /// The scalar that begins at a byte, as a string, and the number of its bytes.
  func scalar(atByte start: Int) -> (Value, bytes: Int) {
    let first = withBytes { $0[start] }
    if first < 0x80 { return (StringBox.ascii[Int(first)], 1) }
    return withBytes { bytes in
      var end = start + 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      return (Value(String(decoding: bytes[start..<end], as: UTF8.self)), end - start)
    }
  }

  // Shared by all machines, which only read them: what is computed once is computed here.
  private nonisolated(unsafe) static let ascii: [Value] = (0..<128).map { code in
    let box = StringBox(String(UnicodeScalar(UInt8(code))))
    _ = (box.count, box.hash)
    // They belong to no run.
    ContainerMemory.remove(box.counted)
    return .string(box)
  }
}
