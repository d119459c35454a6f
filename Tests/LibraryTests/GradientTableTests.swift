import Language
import Testing

@testable import Library

@Suite struct GradientTableTests {
  @Test("the gradients at corners and ties are those of docs/gradients.md")
  func table() throws {
    let rows = try RepositoryFiles.text("docs/gradients.md").split(separator: "\n").filter {
      $0.hasPrefix("| `")
    }.compactMap { row -> [String]? in
      let cells = row.split(separator: "`").map(String.init)
      return cells.count >= 6 && cells[2] == " | " && cells[4] == " | " ? cells : nil
    }
    #expect(rows.count > 30)
    for cells in rows {
      let (function, x, wanted) = (cells[1], cells[3], cells[5])
      let same = try shown(
        """
        let found = grad(x -> sum(\(function)), at: tensor(\(x)))
        let wanted = tensor(\(wanted))
        found.shape == wanted.shape and
          all(where(isnan(wanted), isnan(found), found == wanted)).item()
        """)
      #expect(same == "true", "\(function) at \(x)")
    }
  }
}
