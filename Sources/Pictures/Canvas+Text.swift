import CCairo
import Images

/// A text as it was drawn on a canvas.
struct PlacedText {
  let text: String
  /// Where its letters are.
  let box: Box
  let colour: DrawnColour
}

extension Canvas {
  /// The alignment of a text at its point.
  enum Anchor { case start, middle, end }

  /// A style of the default font.
  struct Font {
    var size = 10.0
    var bold = false

    /// Titles of charts.
    static let title = Font(size: 13, bold: true)
    /// Labels of axes.
    static let label = Font(size: 11)
    /// Numbers and names along axes.
    static let tick = Font(size: 10)
  }

  /// The space around all that is drawn.
  static let edge = 12.0

  private func select(_ font: Font) {
    cairo.select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo.set_font_size(context, font.size)
  }

  private func extents(of text: String, _ font: Font) -> cairo_text_extents_t {
    select(font)
    var extents = cairo_text_extents_t()
    cairo.text_extents(context, text, &extents)
    return extents
  }

  /// The width of a line of text.
  func width(of text: String, _ font: Font) -> Double { extents(of: text, font).x_advance }

  /// Draws a line of text; `at` is on its baseline. `turned` draws it upwards.
  func text(
    _ text: String, at point: Point, _ font: Font, _ colour: DrawnColour = .ink,
    anchor: Anchor = .start, turned: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let extents = extents(of: text, font)
    set(colour)
    let shift =
      switch anchor {
      case .start: 0.0
      case .middle: extents.x_advance / 2
      case .end: extents.x_advance
      }
    cairo.save(context)
    cairo.translate(context, point.x, point.y)
    if turned { cairo.rotate(context, -Double.pi / 2) }
    if texts != nil {
      let box = Box(
        x: extents.x_bearing - shift, y: extents.y_bearing, width: extents.width,
        height: extents.height)
      texts?.append(PlacedText(text: text, box: onPaper(box), colour: colour))
    }
    cairo.move_to(context, -shift, 0)
    cairo.show_text(context, text)
    cairo.restore(context)
  }

  /// The smallest box on the paper around a box in the present coordinates.
  private func onPaper(_ box: Box) -> Box {
    var (xs, ys): ([Double], [Double]) = ([], [])
    for (x, y) in [(box.x, box.y), (box.right, box.bottom)] {
      var (x, y) = (x, y)
      cairo.user_to_device(context, &x, &y)
      xs.append(x)
      ys.append(y)
    }
    let (left, top) = (min(xs[0], xs[1]), min(ys[0], ys[1]))
    return Box(x: left, y: top, width: abs(xs[1] - xs[0]), height: abs(ys[1] - ys[0]))
  }

  /// The text, with its end replaced by `…` if it is wider than `limit`.
  func fitted(_ text: String, _ font: Font, to limit: Double) -> String {
    if width(of: text, font) <= limit { return text }
    var short = Array(text)
    while short.count > 1 {
      short.removeLast()
      let candidate = String(short) + "…"
      if width(of: candidate, font) <= limit { return candidate }
    }
    return "…"
  }
}
