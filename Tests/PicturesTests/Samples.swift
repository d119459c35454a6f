import Images
import Glibc
import Host
import Tensors

@testable import Pictures

/// Pictures of every kind, over numbers that need no file. `LIMBECK_GALLERY=folder swift test`
/// writes them there, to be looked at.
enum Samples {
  static let key = RandomKey(seed: 7)

  static func noise(_ count: Int, _ name: String) -> [Double] {
    (0..<count).map { key[name].normal(UInt64($0)) }
  }

  static func lines() -> Chart {
    let epochs = (0..<30).map(Double.init)
    var chart = Chart(
      .line,
      [
        .init(name: "A", xs: epochs, ys: epochs.map { 81.5 - 40 * exp(-$0 / 4) }),
        .init(name: "B", xs: epochs, ys: epochs.map { 76.7 - 35 * exp(-$0 / 6) }),
        .init(name: "A then B", xs: epochs, ys: epochs.map { 81 - 30 * exp(-$0 / 5) }),
        .init(name: "CQD", xs: epochs, ys: epochs.map { 79.4 - 20 * exp(-$0 / 9) }),
      ])
    chart.title = "Validation accuracy on low-resolution images"
    chart.xLabel = "epoch"
    chart.yLabel = "accuracy (%)"
    return chart
  }

  static func scatter(_ count: Int = 1000) -> Chart {
    let a = noise(count, "a")
    let b = noise(count, "b")
    let xs = a.map { 0.35 + 0.12 * $0 }
    let ys = zip(a, b).map { 0.5 + 0.1 * $0 + 0.06 * $1 }
    var chart = Chart(.dots, [.init(xs: xs, ys: ys)])
    chart.title = "Fraction of the gradient inside the box"
    chart.xLabel = "τ, model trained on B"
    chart.yLabel = "τ, CQD"
    chart.isSquare = true
    chart.hasDiagonal = true
    chart.size = Size(width: 360, height: 360)
    return chart
  }

  static func groups() -> Chart {
    var chart = Chart(
      .dots,
      ["squares", "circles", "triangles"].enumerated().map { i, name in
        .init(
          name: name, xs: noise(40, name).map { $0 + Double(i) * 2 },
          ys: noise(40, name + "y").map { $0 * 10 })
      })
    chart.xLabel = "first component"
    chart.yLabel = "second component"
    return chart
  }

  static func bars() -> Chart {
    var chart = Chart(
      .bars,
      [
        .init(
          name: "test accuracy", xs: [0, 1, 2, 3, 4], ys: [73.6, 76.7, 80.1, 81.0, 79.4],
          errors: [2.4, 0.4, 0.4, 0.3, 0.5]),
        .init(
          name: "train accuracy", xs: [0, 1, 2, 3, 4], ys: [83, 86, 90, 91, 90], errors: []),
      ])
    chart.categories = ["A on B", "B on B", "A+B on B", "A then B", "CQD"]
    chart.title = "Table 1"
    chart.yLabel = "accuracy (%)"
    return chart
  }

  static func boxes() -> Chart {
    let names = ["0", "4", "8", "16", "32"]
    var chart = Chart(
      .boxes,
      names.enumerated().map { i, name in
        .init(
          xs: [Double](repeating: Double(i), count: 20),
          ys: noise(20, "box \(name)").map { 22 - Double(i) + 1.5 * $0 })
      })
    chart.categories = names
    chart.title = "Test error by switch epoch"
    chart.xLabel = "switch epoch"
    chart.yLabel = "error (%)"
    return chart
  }

  static func histogram() -> Chart {
    var chart = Chart(
      .steps,
      [
        .init(
          name: "B", xs: (0...20).map { Double($0) / 20 },
          ys: (0..<20).map { 100 * exp(-pow(Double($0) - 6, 2) / 12) }),
        .init(
          name: "CQD", xs: (0...20).map { Double($0) / 20 },
          ys: (0..<20).map { 90 * exp(-pow(Double($0) - 11, 2) / 12) }),
      ])
    chart.xLabel = "τ"
    chart.yLabel = "images"
    return chart
  }

  static func logarithmic() -> Chart {
    let steps = (1...60).map { pow(10, Double($0) / 12) }
    var chart = Chart(
      .line,
      [
        .init(name: "loss", xs: steps, ys: steps.map { 3e-5 + 2 / $0 }),
        .init(
          name: "NaN in the middle", xs: steps,
          ys: steps.map { $0 > 50 && $0 < 500 ? .nan : 5 / $0 }),
      ])
    chart.xIsLogarithmic = true
    chart.yIsLogarithmic = true
    chart.xLabel = "images seen"
    chart.yLabel = "loss"
    return chart
  }

  /// A disc in colour on noise, [3, size, size].
  static func picture(_ size: Int, _ index: Int) throws -> Tensor {
    var values: [Float] = []
    for c in 0..<3 {
      for y in 0..<size {
        for x in 0..<size {
          let dx = Double(x) - Double(size) * 0.5
          let dy = Double(y) - Double(size) * 0.55
          let inside = dx * dx + dy * dy < Double(size * size) * 0.06
          let grain = 0.1 * key["grain"][index].normal(UInt64((c * size + y) * size + x))
          values.append(Float((inside ? [0.9, 0.4, 0.2][c] : 0.55) + grain))
        }
      }
    }
    return try Tensor(values, shape: [3, size, size])
  }

  static func map(_ size: Int, _ index: Int, spread: Double) throws -> Tensor {
    var values: [Float] = []
    for y in 0..<size {
      for x in 0..<size {
        let dx = (Double(x) / Double(size) - 0.5) / spread
        let dy = (Double(y) / Double(size) - 0.55) / spread
        let random = abs(key["map"][index].normal(UInt64(y * size + x)))
        values.append(Float(0.01 * random * exp(-(dx * dx + dy * dy))))
      }
    }
    return try Tensor(values, shape: [size, size])
  }

  static func panel() throws -> Panel {
    var panel = Panel(
      try (0..<3).map { i in
        [
          try Tile(picture(48, i)), try Tile(map(48, i, spread: 0.6)),
          try Tile(map(48, i + 9, spread: 0.22)),
        ]
      })
    panel.columnLabels = ["image", "B", "CQD"]
    panel.rowLabels = ["square", "circle", "triangle"]
    panel.boxes = [
      Box(x: 11, y: 13, width: 25, height: 25), nil,
      Box(x: 11, y: 13, width: 25, height: 25),
    ]
    panel.key = "gradient norm"
    return panel
  }

  static func sheet() throws -> Panel {
    var panel = Panel(sheet: try (0..<12).map { try Tile(picture(28, $0)) }, columns: 6)
    panel.captions = (0..<12).map { "class \($0)" }
    panel.magnification = 4
    return panel
  }

  static func bands(_ count: Int = 3) -> Chart {
    let epochs = (0..<40).map(Double.init)
    var chart = Chart(
      .line,
      (0..<count).map { s in
        let ys = epochs.map { 80 - Double(s) * 4 - 40 * exp(-$0 / (4 + Double(s))) }
        return .init(
          name: "method \(s)", xs: epochs, ys: ys,
          band: zip(ys, epochs).map { ($0 - 4 * exp(-$1 / 20), $0 + 3 * exp(-$1 / 20)) })
      })
    chart.title = "Mean and spread of ten seeds"
    chart.xLabel = "epoch"
    chart.yLabel = "accuracy (%)"
    return chart
  }

  /// More series than there are colours.
  static func many(_ mark: Chart.Mark, _ count: Int = 24, points: Int = 12) -> Chart {
    var chart = Chart(
      mark,
      (0..<count).map { s in
        let ys = (0..<points).map { Double(s) + 3 * sin(Double($0) / 3 + Double(s)) }
        return .init(name: "series \(s)", xs: (0..<points).map(Double.init), ys: ys)
      })
    chart.title = "\(count) series"
    if mark == .bars { chart.categories = (0..<points).map { "group \($0)" } }
    return chart
  }

  static func numberedBars() -> Chart {
    var chart = bars()
    chart.hasNumbers = true
    return chart
  }

  static func signedBars() -> Chart {
    var chart = Chart(.bars, [.init(xs: [0, 1, 2, 3], ys: [-3.25, 0, 12.5, -0.5])])
    chart.categories = ["colour", "texture", "shape of the whole body", "background_and_context"]
    chart.hasNumbers = true
    return chart
  }

  static func matrix() -> MatrixChart {
    var chart = MatrixChart([
      [0.91, 0.02, 0.07, 0], [0.1, 0.85, 0.05, .nan], [0.01, 0.2, 0.4, 0.39],
    ])
    chart.rowNames = ["square", "circle", "a triangle with a long name"]
    chart.columnNames = ["square", "circle", "triangle", "nothing of these"]
    chart.title = "Confusions on the test images of B"
    chart.key = "share of the row"
    (chart.xLabel, chart.yLabel) = ("predicted class", "true class")
    return chart
  }

  static func wideMatrix(_ rows: Int, _ columns: Int) -> MatrixChart {
    var chart = MatrixChart(
      (0..<rows).map { r in (0..<columns).map { sin(Double(r * r) / 9 + Double($0) / 5) } })
    chart.rowNames = (0..<rows).map { "row number \($0)" }
    chart.columnNames = (0..<columns).map { "Class_of_birds_\($0)" }
    chart.key = "correlation"
    return chart
  }

  static func arranged() throws -> Figure {
    try Figure.arranged(
      [
        [lines().figure(), numberedBars().figure()],
        [matrix().figure(), sheet().figure()],
      ], title: "Four figures in one")
  }

  static let sentence = "What each of the networks has learned from images of a high resolution"

  /// A chart in which every text is long.
  static func longTexts(_ mark: Chart.Mark) -> Chart {
    var chart = Chart(
      mark,
      (0..<5).map {
        .init(name: "\(sentence) (\($0))", xs: [0, 1, 2], ys: [Double($0), 2, 1])
      })
    chart.title = sentence + ", and what is left of it after distillation into a smaller one"
    chart.xLabel = sentence + ", in epochs of the training data"
    chart.yLabel = sentence + ", in per cent of the images that were tested"
    if mark == .bars || mark == .boxes {
      chart.categories = [sentence, "short", "an_identifier_that_is_long_but_has_no_spaces"]
      if mark == .boxes { chart.categories += ["d", "e"] }
    }
    return chart
  }

  static func longMatrix() -> MatrixChart {
    var chart = matrix()
    chart.title = sentence + ", and what is left of it"
    chart.key = sentence
    (chart.xLabel, chart.yLabel) = (sentence + " and others", sentence + " and others")
    chart.rowNames = [sentence, "b", "c"]
    chart.columnNames = [sentence, "b", "c", "d"]
    return chart
  }

  static func longPanel() throws -> Panel {
    var panel = try panel()
    panel.title = sentence + ", and what is left of it"
    panel.columnLabels = [sentence, "image", sentence]
    panel.rowLabels = [sentence, "circle", "an_identifier_without_spaces_that_is_long"]
    panel.key = sentence + ", as the norm of the gradient"
    panel.captions = (0..<9).map { "caption \($0) of a picture that is explained" }
    return panel
  }

  static func all() throws -> [(name: String, figure: Figure)] {
    let squeezed = Size(width: 300, height: 240)
    var narrow = numberedBars()
    (narrow.size, narrow.canGrow) = (squeezed, false)
    var small = matrix()
    small.size = Size(width: 380, height: 260)
    return [
      ("lines", try lines().figure()), ("scatter", try scatter().figure()),
      ("groups", try groups().figure()), ("bars", try bars().figure()),
      ("boxes", try boxes().figure()), ("histogram", try histogram().figure()),
      ("logarithmic", try logarithmic().figure()),
      ("panel", try panel().figure()), ("sheet", try sheet().figure()),
      ("bands", try bands().figure()), ("numbered-bars", try numberedBars().figure()),
      ("narrow-bars", try narrow.figure()), ("signed-bars", try signedBars().figure()),
      ("many-lines", try many(.line).figure()),
      ("many-long-lines", try many(.line, points: 100).figure()),
      ("many-dots", try many(.dots).figure()), ("many-bars", try many(.bars, points: 3).figure()),
      ("matrix", try matrix().figure()), ("small-matrix", try small.figure()),
      ("wide-matrix", try wideMatrix(3, 40).figure()),
      ("large-matrix", try wideMatrix(90, 90).figure()),
      ("signed-matrix", try wideMatrix(8, 8).figure()),
      ("one-cell", try MatrixChart([[3]]).figure()), ("arranged", try arranged()),
      ("arranged-small", try arranged().fitted(to: Size(width: 640, height: 520))),
      ("long-lines", try longTexts(.line).figure()), ("long-bars", try longTexts(.bars).figure()),
      ("long-boxes", try longTexts(.boxes).figure()), ("long-matrix", try longMatrix().figure()),
      ("long-panel", try longPanel().figure()),
    ]
  }
}
