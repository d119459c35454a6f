/// The records that a TensorBoard event file consists of: the length, its checksum, the event, its
/// checksum.
public enum EventFile {
  /// The bytes of a record besides the event.
  private static let overhead = 16

  /// Returns the record of an event.
  public static func record(_ event: Event) -> [UInt8] {
    let message = event.message
    var record: [UInt8] = []
    record.reserveCapacity(message.count + overhead)
    record.append(littleEndian: UInt64(message.count))
    record.append(littleEndian: CRC32C.masked(record))
    record += message
    record.append(littleEndian: CRC32C.masked(message))
    return record
  }

  /// Returns how many bytes of a file are complete records. What follows them was cut short when
  /// the program that wrote it was killed, or is damaged; readers stop there.
  public static func wholePrefix(of bytes: [UInt8]) -> Int {
    var whole = 0
    while bytes.count - whole >= overhead {
      let length = number(UInt64.self, bytes, at: whole)
      guard number(UInt32.self, bytes, at: whole + 8) == CRC32C.masked(bytes[whole..<whole + 8]),
        length <= UInt64(bytes.count - whole - overhead)
      else { break }
      let end = whole + 12 + Int(length)
      guard number(UInt32.self, bytes, at: end) == CRC32C.masked(bytes[whole + 12..<end]) else {
        break
      }
      whole = end + 4
    }
    return whole
  }

  private static func number<T: FixedWidthInteger>(_: T.Type, _ bytes: [UInt8], at start: Int) -> T
  {
    bytes[start..<start + T.bitWidth / 8].reversed().reduce(0) { $0 << 8 | T($1) }
  }
}
