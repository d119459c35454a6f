/// Names along an axis, one for each slot of equal width. They are level if they fit, otherwise
/// turned upwards, and in very narrow slots only every second, third or further one is drawn.
struct CategoryNames {
  /// The names that are drawn.
  private let blocks: [TextBlock]
  private let isTurned: Bool
  private let slot: Double
  /// How many slots there are from one drawn name to the next.
  private let every: Int
  /// The height below the axis that they take.
  let height: Double

  /// The most lines of a name.
  private static let most = (level: 4, turned: 3)
  /// The width from which a long name is level and shortened.
  private static let wide = 60.0
  private static let gap = 4.0

  /// Lays names out. `length` is the most that a turned name takes.
  init(_ names: [String], slot: Double, length: Double = 120, on canvas: Canvas) {
    var font = Canvas.Font.tick
    let room = slot - 5
    let most = CategoryNames.most
    let isTurned = names.contains {
      TextBlock.widestWord(of: $0, font, on: canvas) > room
        || room < CategoryNames.wide
          && TextBlock($0, font, limit: room, on: canvas).lines.count > most.level
    }
    self.isTurned = isTurned
    self.slot = slot
    if isTurned {
      font.size = (slot / 1.2).clamped(to: 7...10)
      let lines = (Int(slot / (font.size * 1.3))).clamped(to: 1...most.turned)
      every = CategoryNames.every(font, slot)
      blocks = stride(from: 0, to: names.count, by: every).map {
        TextBlock(names[$0], font, limit: length, most: lines, on: canvas)
      }
      height = CategoryNames.gap + (blocks.map(\.width).max() ?? 0)
    } else {
      every = 1
      blocks = names.map { TextBlock($0, font, limit: room, most: most.level, on: canvas) }
      height = CategoryNames.gap + (blocks.map(\.height).max() ?? 0)
    }
  }

  /// How many slots a line of text takes.
  static func every(_ font: Canvas.Font, _ slot: Double) -> Int {
    slot > 0 ? Int((font.size * 1.2 / slot).rounded(.up).clamped(to: 1...1e6)) : 1_000_000
  }

  /// Draws them below `y`, the first slot beginning at `x`.
  func draw(x: Double, y: Double, on canvas: Canvas) {
    for (i, block) in blocks.enumerated() {
      let middle = x + (Double(i * every) + 0.5) * slot
      if isTurned {
        block.drawTurned(
          x: middle - block.height / 2, y: y + CategoryNames.gap, anchor: .end, on: canvas)
      } else {
        block.draw(x: middle, y: y + CategoryNames.gap, anchor: .middle, on: canvas)
      }
    }
  }
}
