import Host
import TestSupport
import Testing

@testable import Formats

/// Damaged tables.
struct CSVTests {
  @Test func damagedTablesAreErrorsOrCells() throws {
    let tables = [
      "id,name,loss\n1,\"a, \"\"b\"\"\nc\",1e-5\r\n00012,ü,nan\n,,-0\n",
      "\u{FEFF}x;y\n1,5;2\n", "a\n" + (0..<60).map { "\($0)\n" }.joined(),
    ]
    try Fuzz.run("csv", tables.map { Array($0.utf8) }, rounds: 400) { bytes in
      if let table = try CSVRows(bytes, operation: "read", name: "t.csv") {
        #expect(table.cells.allSatisfy { $0.count == table.head.count })
        #expect(table.trimmed.rows.count == table.rows.count)
      }
      _ = try CSVRows.withoutHead(bytes, operation: "read", name: "t.csv")
    }
  }
}
