import Glibc
import Images

/// How a series looks. Two dozen series differ in the marker and its filling and in the dashes, so
/// that they can be told apart in greyscale too; their colours start again after eight.
struct SeriesStyle {
  /// The shape of a point.
  enum Shape: CaseIterable { case disc, square, triangle, diamond, inverted, star }
  /// The inside of a point.
  enum Filling: CaseIterable { case full, hollow, dotted, light }
  /// Lines over a bar.
  enum Texture: CaseIterable { case plain, rising, falling, level, crossed, upright }

  let colour: DrawnColour
  let shape: Shape
  let filling: Filling
  /// The lengths of dashes and gaps; empty for a whole line.
  let dashes: [Double]
  /// The lines over its bars, which are drawn if there are more series than colours.
  let texture: Texture

  private static let dashes: [[Double]] = [[], [7, 3], [2, 2.5], [8, 3, 2, 3]]

  /// Makes the style of the series at a position, from 0.
  init(_ index: Int) {
    let (shapes, fillings) = (Shape.allCases, Filling.allCases)
    let round = index / shapes.count % fillings.count
    // After all combinations are used, each comes with another colour.
    colour = DrawnColour.series(index + index / (shapes.count * fillings.count))
    shape = shapes[index % shapes.count]
    filling = fillings[round]
    dashes = SeriesStyle.dashes[round]
    let textures = Texture.allCases
    texture = textures[(index % 2 + 2 * (index / DrawnColour.series.count)) % textures.count]
  }
}

extension Canvas {
  /// Draws the marker of a series.
  func marker(_ style: SeriesStyle, at centre: Point, radius: Double, alpha: Double = 1) {
    let colour = style.colour.with(alpha: alpha)
    guard style.filling != .full else {
      shape(style.shape, at: centre, radius: radius, colour)
      return
    }
    // The outline is the shape under a smaller one.
    shape(style.shape, at: centre, radius: radius * 1.15, colour)
    let inside = style.filling == .light ? style.colour.mixed(with: .white, 0.6) : .white
    shape(style.shape, at: centre, radius: radius * 0.65, inside)
    if style.filling == .dotted { disc(centre, radius: radius * 0.35, colour) }
  }

  private func shape(
    _ shape: SeriesStyle.Shape, at centre: Point, radius: Double, _ colour: DrawnColour
  ) {
    func ring(_ count: Int, from turn: Double, _ reach: (Int) -> Double) {
      fill(
        (0..<count).map { i in
          let angle = (turn + Double(i) / Double(count)) * 2 * Double.pi
          return Point(
            x: centre.x + radius * reach(i) * sin(angle),
            y: centre.y - radius * reach(i) * cos(angle))
        }, colour)
    }
    switch shape {
    case .disc: disc(centre, radius: radius, colour)
    case .square: ring(4, from: 1 / 8) { _ in 1.25 }
    case .triangle: ring(3, from: 0) { _ in 1.4 }
    case .diamond: ring(4, from: 0) { _ in 1.4 }
    case .inverted: ring(3, from: 1 / 2) { _ in 1.4 }
    case .star: ring(10, from: 0) { $0 % 2 == 0 ? 1.6 : 0.7 }
    }
  }

  /// Draws white lines over a bar.
  func texture(_ texture: SeriesStyle.Texture, over area: Box) {
    guard area.width > 0, area.height > 0 else { return }
    let step = 5.0
    // How far a line falls on its way from the left to the right, or nil for one that goes upwards.
    let slopes: [Double?] =
      switch texture {
      case .plain: []
      case .rising: [-area.width]
      case .falling: [area.width]
      case .level: [0]
      case .crossed: [-area.width, area.width]
      case .upright: [nil]
      }
    clipped(to: area) {
      for slope in slopes {
        guard let slope else {
          for x in stride(from: area.x + step / 2, to: area.right, by: step) {
            line([Point(x: x, y: area.y), Point(x: x, y: area.bottom)], .white, width: 1.2)
          }
          continue
        }
        for y in stride(
          from: area.y - area.width, to: area.bottom + area.width,
          by: slope == 0 ? step : step * 1.4)
        {
          line([Point(x: area.x, y: y), Point(x: area.right, y: y + slope)], .white, width: 1.2)
        }
      }
    }
  }
}
