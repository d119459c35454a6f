import Tensors
import Testing

@testable import Pictures

/// Nothing of a panel's texts is cut off, however few and narrow its columns are.
@Suite struct PanelRoomTests {
  private func panel(columns: Int) throws -> Panel {
    let map = try Tile(Tensor.ones([8, 8]))
    return Panel([[Tile]](repeating: [Tile](repeating: map, count: columns), count: 2))
  }

  /// Whether the last `points` columns are paper.
  private func isFree(_ figure: Figure, right points: Int) throws -> Bool {
    let bitmap = try figure.bitmap(density: 1)
    return (0..<bitmap.height).allSatisfy { y in
      bitmap.rgb[((y + 1) * bitmap.width - points) * 3..<(y + 1) * bitmap.width * 3].allSatisfy {
        $0 == 255
      }
    }
  }

  @Test("key and title")
  func keyAndTitle() throws {
    for columns in 1...4 {
      for scale in Panel.Scale.allCases {
        var panel = try panel(columns: columns)
        panel.key = "norm of the gradient / (1 - p)"
        panel.scale = scale
        panel.title = "Where each of the networks looks, and what it leaves out"
        #expect(try isFree(panel.figure(), right: 6), "\(columns) columns, \(scale)")
      }
    }
  }

  @Test("titles, heads and labels take as many lines as they need")
  func growth() throws {
    var panel = try panel(columns: 1)
    let plain = try panel.figure().size
    panel.title = "Where each of the networks looks, and what it leaves out"
    let titled = try panel.figure().size
    #expect(titled.height > plain.height + 30)
    panel.columnLabels = ["distilled from the teacher at a temperature of ten"]
    let headed = try panel.figure().size
    #expect(headed.height > titled.height + 30)
    panel.rowLabels = ["a class of a name longer than the picture", ""]
    let labelled = try panel.figure().size
    #expect(labelled.width > headed.width + 25 && labelled.height == headed.height)
    #expect(try isFree(panel.figure(), right: 6))
  }
}
