import Host
import Language

private let half = Argument(
  "band", .optional(.series),
  "half the height of a band around each point, such as a standard deviation, in the shape of y",
  named: true)
private let lowEnd = Argument(
  "low", .optional(.series), "the lower end of a band at each point, in the shape of y", named: true
)
private let highEnd = Argument(
  "high", .optional(.series), "the upper end of a band at each point, in the shape of y",
  named: true)

/// The bands around the lines of a chart.
enum ChartBands {
  /// The arguments: half the height of the bands, or both ends.
  static let arguments: [AnyArgument] = [half, lowEnd, highEnd]
}

extension Call {
  /// Returns the bands around some series, point by point; empty lists if none are given. Throws
  /// `argument` for bands of another shape, for negative or missing heights and for ends in the wrong
  /// order; what is at a value that is not finite is not looked at.
  func bands(around series: [NamedNumbers]) throws -> [[(low: Double, high: Double)]] {
    if let heights = try self[half] {
      guard try self[lowEnd] == nil, try self[highEnd] == nil else {
        throw fault(half, "give band, or low and high, but not both")
      }
      return try zip(series, matched(half, heights, to: series)).map { one, heights in
        try zip(one.values, heights).enumerated().map { i, pair in
          let (y, height) = pair
          if y.isFinite, !(height >= 0 && height.isFinite) {
            throw fault(
              half, "band must be finite and 0 or more, got \(Value.number(height).brief) at \(i)")
          }
          return (y - height, y + height)
        }
      }
    }
    guard try self[lowEnd] != nil || self[highEnd] != nil else { return series.map { _ in [] } }
    guard let lows = try self[lowEnd], let highs = try self[highEnd] else {
      throw fault(try self[lowEnd] == nil ? highEnd : lowEnd, "low and high must be given together")
    }
    let ends = zip(try matched(lowEnd, lows, to: series), try matched(highEnd, highs, to: series))
    return try zip(series, ends).map { one, ends in
      try zip(one.values, zip(ends.0, ends.1)).enumerated().map { i, pair in
        let (y, (low, high)) = pair
        if y.isFinite, !(low.isFinite && high.isFinite && low <= high) {
          throw fault(
            highEnd,
            "low and high must be finite, and low not above high, got "
              + "\(Value.number(low).brief) and \(Value.number(high).brief) at \(i)")
        }
        return (low, high)
      }
    }
  }

  /// Returns the numbers for each series, by its name if both have names, otherwise in order.
  private func matched(
    _ argument: Argument<[NamedNumbers]?>, _ given: [NamedNumbers], to series: [NamedNumbers]
  ) throws -> [[Double]] {
    guard given.count == series.count else {
      throw fault(argument, "\(argument.name) has \(given.count) series, but y has \(series.count)")
    }
    return try zip(series, given).map { one, next in
      var found = next
      if let name = one.name, next.name != nil {
        guard let named = given.first(where: { $0.name == name }) else {
          throw fault(argument, "\(argument.name) has no series \"\(name)\"")
        }
        found = named
      }
      guard found.values.count == one.values.count else {
        throw fault(
          argument,
          "\(argument.name) has \(found.values.count) values, but \(one.name ?? "y") has "
            + "\(one.values.count)")
      }
      return found.values
    }
  }
}
