import Testing

@testable import Formats

/// Event files for TensorBoard, against bytes that its own package made (Reference/events.py).
struct EventFileTests {
  private static let events: [(Event, String)] = [
    (
      Event(time: 1.5, step: 0, .version),
      "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
    ),
    (
      Event(time: 2.25, step: 300, .start),
      "100000000000000095fbfe1809000000000000024010ac023a020801f166178e"
    ),
    (
      Event(time: 3, step: 7, .scalars([("step/loss", 0.1), ("step/lr", .nan)])),
      "2f000000000000006d5d1d5009000000000000084010072a220a100a09737465702f6c6f737315cdcccc3d0a0e"
        + "0a07737465702f6c72150000c07f3100ec83"
    ),
    (
      Event(
        time: 4, step: 1,
        .image(tag: "picture", png: Array("PNG".utf8), width: 300, height: 2)),
      "2600000000000000734fe30009000000000000104010012a190a170a0770696374757265220c080210ac021803"
        + "2203504e47a5d0b339"
    ),
  ]

  @Test func checksumsAreTheKnownOnes() {
    #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.masked([]) == 0xA282_EAD8)
  }

  @Test func recordsHaveTheBytesOfTensorBoard() {
    for (event, expected) in EventFileTests.events {
      #expect(EventFileTests.hexadecimal(EventFile.record(event)) == expected)
    }
  }

  @Test func theWholeRecordsOfACutFileAreFound() {
    let records = EventFileTests.events.map { EventFile.record($0.0) }
    let bytes = Array(records.joined())
    let ends = records.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    for count in 0...bytes.count {
      #expect(
        EventFile.wholePrefix(of: Array(bytes[..<count])) == ends.last { $0 <= count }, "\(count)")
    }
  }

  @Test func aDamagedByteEndsTheWholeRecords() {
    let records = EventFileTests.events.map { EventFile.record($0.0) }
    let bytes = Array(records.joined())
    for i in records[0].count..<records[0].count + records[1].count {
      var damaged = bytes
      damaged[i] ^= 0x10
      #expect(EventFile.wholePrefix(of: damaged) == records[0].count, "\(i)")
    }
  }

  @Test func aLengthThatNoFileHasIsRefused() {
    // A length of 2^64 - 1 with the checksum that belongs to it.
    var bytes = [UInt8](repeating: 0xFF, count: 8)
    bytes.append(littleEndian: CRC32C.masked(bytes))
    #expect(EventFile.wholePrefix(of: bytes + [0, 0, 0, 0, 0, 0]) == 0)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
