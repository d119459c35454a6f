/// An event of a TensorBoard event file.
///
/// A file begins with `version` and `start`. A program that continues it after it was killed writes
/// `start` again, with the step from which it repeats: TensorBoard then discards the events of that
/// step and later ones. Its readers agree on such files only if there is a `start` at the beginning
/// too, because one of them takes the first for the beginning, wherever it is.
public struct Event {
  /// What an event says.
  public enum Content {
    /// The version of the format; the first event of a file.
    case version
    /// The beginning or the continuation of a run.
    case start
    /// Numbers by tag, which are stored in single precision.
    case scalars([(tag: String, value: Double)])
    /// A picture: the bytes of a PNG file of the given size in pixels.
    case image(tag: String, png: [UInt8], width: Int, height: Int)
  }

  /// Seconds since 1970.
  public var time: Double
  /// The step at which it happened.
  public var step: Int
  /// What it says.
  public var content: Content

  /// Creates an event.
  public init(time: Double, step: Int, _ content: Content) {
    (self.time, self.step, self.content) = (time, step, content)
  }

  /// The protocol buffer of the event.
  var message: [UInt8] {
    var event = ProtocolBuffer()
    event.add(1, double: time)
    // Zero is the default, which is left out.
    if step != 0 { event.add(2, integer: step) }
    switch content {
    case .version: event.add(3, bytes: "brain.Event:2".utf8)
    case .start:
      var log = ProtocolBuffer()
      log.add(1, integer: 1)
      event.add(7, bytes: log.bytes)
    case .scalars(let scalars):
      var summary = ProtocolBuffer()
      for (tag, number) in scalars {
        var value = ProtocolBuffer()
        value.add(1, bytes: tag.utf8)
        value.add(2, float: Float(number))
        summary.add(1, bytes: value.bytes)
      }
      event.add(5, bytes: summary.bytes)
    case .image(let tag, let png, let width, let height):
      var image = ProtocolBuffer()
      image.add(1, integer: height)
      image.add(2, integer: width)
      image.add(3, integer: 3)
      image.add(4, bytes: png)
      var value = ProtocolBuffer()
      value.add(1, bytes: tag.utf8)
      value.add(4, bytes: image.bytes)
      var summary = ProtocolBuffer()
      summary.add(1, bytes: value.bytes)
      event.add(5, bytes: summary.bytes)
    }
    return event.bytes
  }
}

/// The fields of a protocol buffer.
private struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ field: UInt8, integer: Int) {
    bytes.append(field << 3)
    add(varint: UInt64(bitPattern: Int64(integer)))
  }

  mutating func add(_ field: UInt8, double: Double) {
    bytes.append(field << 3 | 1)
    bytes.append(littleEndian: double.bitPattern)
  }

  mutating func add(_ field: UInt8, float: Float) {
    bytes.append(field << 3 | 5)
    bytes.append(littleEndian: float.bitPattern)
  }

  mutating func add(_ field: UInt8, bytes content: some Collection<UInt8>) {
    bytes.append(field << 3 | 2)
    add(varint: UInt64(content.count))
    bytes += content
  }

  private mutating func add(varint: UInt64) {
    var rest = varint
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension [UInt8] {
  /// Appends the bytes of an integer, the lowest first.
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
