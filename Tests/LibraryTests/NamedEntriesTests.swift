import Host
import Language
import Testing

@testable import Library

/// Files of many entries, tables and folders, read from scripts.
struct NamedEntriesTests {
  @Test func tensorsOfOtherTypesInSafeTensors() throws {
    let session = TestSession()
    // F8 1.0 and -448 (the least), 1.5 and infinity; U64 2^40; a complex number.
    let header = """
      {"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},\
      "b":{"dtype":"F8_E5M2","shape":[2],"data_offsets":[2,4]},\
      "c":{"dtype":"U64","shape":[1],"data_offsets":[4,12]},\
      "d":{"dtype":"C64","shape":[1],"data_offsets":[12,20]}}
      """
    let data: [UInt8] =
      [0x38, 0xFE, 0x3E, 0x7C, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 0, count: 8)
    let count = header.utf8.count
    try session.host.write(
      [UInt8(count & 255), UInt8(count >> 8), 0, 0, 0, 0, 0, 0] + Array(header.utf8) + data,
      to: "x.safetensors")
    let shown = try session.run(
      "let x = read(\"x.safetensors\")\n[keys(x), x.a[0].item(), x.a[1].item(), x.b[0].item(), x.b[1].item(), x.c[0].item(), x.c.dtype]"
    )
    #expect(shown.printed == #"[["a", "b", "c"], 1, -448, 1.5, inf, 1099511627776, "float64"]"#)
    #expect(
      session.host.reported.hasPart("\"d\" holds numbers of the type C64, which are not read"))
  }

  @Test("a tensor that is not read is left out with a note, also if there is no other")
  func nothingIsLeft() throws {
    let session = TestSession()
    let header = #"{"big":{"dtype":"U64","shape":[1],"data_offsets":[0,8]}}"#
    try session.host.write(
      [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
        + [UInt8](repeating: 0xFF, count: 8), to: "x.safetensors")
    #expect(try session.display("read(\"x.safetensors\")") == "{}")
    #expect(session.host.reported.hasPart("\"big\" holds 18446744073709551615, which neither"))
  }

  @Test func columnsOfATableAreNumbersOrText() throws {
    let session = TestSession()
    let table = """
      id,n,phone,hex,big,mixed,loss,gap
      00012,1,+49,0x10,12345678901234567890,1,1e-5,
      12,-2.50,1,2,3,a,nan,0.5

      """
    try session.host.write(Array(table.utf8), to: "t.csv")
    let shown = try session.run("let r = read(\"t.csv\")\n[r[0], r[1].id, r[1].n]")
    #expect(
      shown.printed
        == #"[{id: "00012", n: 1, phone: "+49", hex: "0x10", big: "12345678901234567890", mixed: "1", "#
        + #"loss: 1e-05, gap: nil}, "12", -2.5]"#)
  }

  @Test("append_text never replaces a file, which another process may have made meanwhile")
  func appendingText() throws {
    final class Appending: ForwardingHost {
      override func write(_ bytes: [UInt8], to path: String) throws {
        throw Failure("file-write", "write: \(path): not expected")
      }
    }
    let session = TestSession(wrapping: { Appending($0) })
    let shown = try session.run(
      "for i in 0..3 { append_text(str(i), \"a.txt\") }\nread_text(\"a.txt\")")
    #expect(shown.printed == "012")
  }

  @Test func pathsThatFitAPattern() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      for name in ["b.txt", "a.txt", "a.csv", ".hidden.txt", "x/c.txt", "x/y/d.txt"] {
        mkdir("x/y")
        append_text(name, name)
      }
      append_text("!", "a.txt")
      [glob("*.txt"), glob("**/*.txt"), glob("x/?.txt"), glob("[!b].*"), glob("x/**"), exists("x/y"),
        exists("z"), read_text("a.txt")]
      """)
    #expect(
      shown.printed
        == #"[["a.txt", "b.txt"], ["a.txt", "b.txt", "x/c.txt", "x/y/d.txt"], ["x/c.txt"], "#
        + #"["a.csv", "a.txt"], ["x", "x/c.txt", "x/y", "x/y/d.txt"], true, false, "a.txt!"]"#)
  }
}
