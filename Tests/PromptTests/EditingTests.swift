import Syntax
import Testing

@testable import Prompt

/// What the editor draws and inserts.
@Suite struct EditingTests {
  private func layout(_ text: String, at cursor: Int? = nil, columns: Int = 20) -> Layout {
    Layout(text, first: "> ", next: ". ", cursor: cursor ?? text.utf8.count, columns: columns)
  }

  @Test("lines have their prompts, and the cursor is where its byte is")
  func lines() {
    let two = layout("let a = 1\na + 2")
    #expect(two.rows == ["> let a = 1", ". a + 2"])
    #expect((two.cursorRow, two.cursorColumn) == (1, 7))
    let middle = layout("let a = 1\na + 2", at: 4)
    #expect((middle.cursorRow, middle.cursorColumn) == (0, 6))
    #expect(layout("").rows == ["> "])
  }

  @Test("long lines are broken at the terminal's width, wide characters whole")
  func wraps() {
    let long = layout("abcdefgh", columns: 6)
    #expect(long.rows == ["> abcd", "efgh"])
    let full = layout("abcd", columns: 6)
    #expect(full.rows == ["> abcd", ""])
    #expect((full.cursorRow, full.cursorColumn) == (1, 0))
    #expect(layout("é\t1", columns: 10).rows == ["> é    1"])
    #expect(layout("a\u{1}b").rows == ["> a^Ab"])
  }

  @Test("an entry taller than the screen shows the rows around the cursor")
  func window() {
    let text = (0..<50).map { "line \($0)" }.joined(separator: "\n")
    #expect(layout(text).window(height: 10) == 40..<50)
    #expect(layout(text, at: 0).window(height: 10) == 0..<10)
    #expect(layout("a\nb").window(height: 10) == 0..<2)
  }

  @Test("keywords, strings, numbers and comments have colours")
  func colours() {
    let styles = Painter("let s = \"a\" # 1", cursor: -2).styles
    #expect(styles[0..<3].allSatisfy { $0 == .keyword })
    #expect(styles[4] == .plain)
    #expect(styles[8..<11].allSatisfy { $0 == .string })
    #expect(styles[12..<15].allSatisfy { $0 == .comment })
    let row = Layout(
      "if 1", first: "> ", next: ". ", cursor: 4, columns: 20,
      styles: Painter("if 1", cursor: -2).styles
    ).rows[0]
    #expect(row == "> \u{1B}[35mif\u{1B}[0m \u{1B}[36m1\u{1B}[0m")
  }

  @Test("the bracket at the cursor and its partner are marked, brackets in strings are text")
  func brackets() {
    func marked(_ text: String, _ cursor: Int) -> [Int] {
      let styles = Painter(text, cursor: cursor).styles
      return styles.indices.filter { styles[$0] == .bracket }
    }
    #expect(marked("f(a[1])", 7) == [1, 6])
    #expect(marked("f(a[1])", 3) == [3, 5])
    #expect(marked("f(\")\")", 6) == [1, 5])
    #expect(marked("f(", 2) == [])
    #expect(marked("f(a)", 0) == [])
  }

  @Test("a new line is indented as the one before, and more inside a bracket")
  func indentation() {
    #expect(Indentation.after("fn f(x) {") == "  ")
    #expect(Indentation.after("fn f(x) {\n  let y = [") == "    ")
    #expect(Indentation.after("fn f(x) {\n  x + 1") == "  ")
    #expect(Indentation.after("  } else {") == "    ")
    #expect(Indentation.after("f(\"{\")") == "")
    #expect(Indentation.removedByClosing("fn f(x) {\n  ") == 2)
    #expect(Indentation.removedByClosing("fn f(x) {\n  x") == 0)
    #expect(Indentation.removedByClosing("  ") == 0)
  }

  @Test("the arrows go through the entries that begin as what is typed, and back")
  func recall() {
    var recall = Recall()
    for entry in ["train(g)", "vars", "train(f)", "1 + 1"] { recall.add(entry) }
    #expect(recall.next("tr", typed: "tr", isUp: true) == "train(f)")
    #expect(recall.next("train(f)", typed: "train(f)", isUp: true) == "train(g)")
    #expect(recall.next("train(g)", typed: "train(g)", isUp: true) == nil)
    #expect(recall.next("train(g)", typed: "train(g)", isUp: false) == "train(f)")
    #expect(recall.next("train(f)", typed: "train(f)", isUp: false) == "tr")
    #expect(recall.next("tr", typed: "tr", isUp: false) == nil)
    recall.reset()
    #expect(recall.next("", typed: "", isUp: true) == "1 + 1")
    // A recalled entry that was changed is searched for anew.
    #expect(recall.next("v", typed: "v", isUp: true) == "vars")
  }

  @Test("words are listed in columns that fit the terminal")
  func columns() {
    #expect(Columns.lines(of: ["a", "bb", "c", "d"], width: 8) == ["a   c", "bb  d"])
    #expect(Columns.lines(of: ["a", "b"], width: 1) == ["a", "b"])
    #expect(Columns.lines(of: [], width: 8) == [])
    #expect(Columns.wrapped("f(a, b, c)", width: 7) == ["f(a, b,", "  c)"])
  }
}
