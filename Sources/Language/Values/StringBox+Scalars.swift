/// Single scalars, which are strings to a script.
extension StringBox {
  /// The scalar at a position, which must be within 0..<count, as a string.
  func scalar(at position: Int) -> Value {
    if isASCII { return StringBox.ascii[Int(withBytes { $0[position] })] }
    return .string(slice(position, position + 1))
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

  // SAFETY: shared by all machines, which only read them: what is computed once is computed here.
  /// The strings of one ASCII character, which the machine's loop in C reads too.
  nonisolated(unsafe) static let ascii: UnsafePointer<Value> = {
    let values = UnsafeMutablePointer<Value>.allocate(capacity: 128)
    for code in 0..<128 {
      let box = StringBox(String(UnicodeScalar(UInt8(code))))
      _ = (box.count, box.hash)
      // They belong to no run.
      ContainerMemory.remove(box.counted)
      (values + code).initialize(to: .string(box))
    }
    return UnsafePointer(values)
  }()
}
