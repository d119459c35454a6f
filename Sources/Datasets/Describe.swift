import Tensors

extension View {
  /// One line: records, classes, image size, transforms.
  public var summary: String {
    var parts = ["\(View.grouped(count)) \(count == 1 ? "record" : "records")", classCount]
    parts.append(imageSize)
    if isFast { parts.append("fast: true") }
    if let transforms {
      if !transforms.isEmpty { parts.append(transforms.joined(separator: " |> ")) }
    } else {
      parts.append("a mix of views")
    }
    for (place, rows) in values.outputs {
      parts.append("\(place == "output" ? "logits" : place) \(Tensor.describe(rows.shape))")
    }
    return parts.joined(separator: ", ")
  }

  /// Whether some records may be decoded at reduced size.
  public var isFast: Bool { strands.contains { $0.source.isFast } }

  var classCount: String {
    isLabelled ? "\(classes.count) \(classes.count == 1 ? "class" : "classes")" : "no labels"
  }

  /// The shape of the images, `[3, 224, 224]`, or that sizes vary.
  public var imageSize: String {
    imageShape.map { Tensor.describe($0) } ?? "images of various sizes"
  }

  /// The number of records of each class, by label.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for i in 0..<count { counts[Int(label(i))] += 1 }
    return counts
  }

  /// Warnings from when the sources were opened.
  public var notes: [String] { strands.flatMap(\.source.notes) }
  /// The same, with warnings that have been added since.
  public var warnings: [String] { strands.flatMap(\.source.warnings) }

  /// Lines that describe the view: its summary, the number of records per class, what reading every
  /// record finds if `pixels` is set, and warnings.
  func description(pixels: Bool) throws -> [String] {
    var lines = [summary]
    let counts = isLabelled ? classCounts : []
    let shown = zip(classes, counts).prefix(20).map { "\($0) \($1)" }.joined(separator: ", ")
    if !classes.isEmpty, isLabelled {
      lines.append("  " + shown + (classes.count > 20 ? ", ... (\(classCount))" : ""))
    }
    var warnings: [String] = []
    let empty = counts.indices.filter { counts[$0] == 0 }.map { classes[$0] }
    if !empty.isEmpty {
      warnings.append(
        "\(empty.count == 1 ? "a class has" : "\(empty.count) classes have") no records: "
          + View.some(empty, of: 5))
    }
    if pixels {
      let survey = try Survey(self)
      lines += survey.lines(of: self).map { "  " + $0 }
      warnings += survey.warnings(of: self)
    }
    let skipped = strands.flatMap { strand in
      strand.source.skipped.map { "record \($0.record), \($0.reason)" }
    }
    if !skipped.isEmpty {
      warnings.append("\(skipped.count) left out as unreadable: " + View.some(skipped, of: 5))
    }
    lines += warnings.map { "  warning: " + $0 }
    let notes = self.warnings
    lines += notes.prefix(5).map { "  note: " + $0 }
    if notes.count > 5 { lines.append("  note: \(notes.count - 5) more like these") }
    return lines
  }

  /// The first items of a list, and how many more there are.
  static func some(_ texts: [String], of most: Int) -> String {
    texts.prefix(most).joined(separator: "; ")
      + (texts.count > most ? "; and \(grouped(texts.count - most)) more" : "")
  }

  /// A number with thousands separators, `60,000`.
  static func grouped(_ number: Int) -> String {
    var digits = String(number)
    var result = ""
    while digits.count > 3 {
      result = "," + digits.suffix(3) + result
      digits.removeLast(3)
    }
    return digits + result
  }
}

extension Dataset {
  /// One line: splits with their records, classes, image size, transforms.
  public var summary: String {
    guard hasSplits else { return splits[0].view.summary }
    let view = splits[0].view
    var parts = splits.map { "\($0.name) \(View.grouped($0.view.count))" }
    parts += [view.classCount, view.imageSize]
    if view.isFast { parts.append("fast: true") }
    if let transforms = view.transforms {
      if !transforms.isEmpty { parts.append(transforms.joined(separator: " |> ")) }
    } else {
      parts.append("a mix of views")
    }
    return parts.joined(separator: ", ")
  }

  /// Several lines: each split's number of records, transforms, records per class and warnings;
  /// with `pixels` also sizes, channel means, boxes and unreadable records, for which every record
  /// is read.
  public func description(pixels: Bool) throws -> String {
    try splits.flatMap { split in
      var lines = try split.view.description(pixels: pixels)
      if !split.name.isEmpty { lines[0] = split.name + ": " + lines[0] }
      return lines
    }.joined(separator: "\n")
  }
}

extension Survey {
  fileprivate func lines(of view: View) -> [String] {
    var lines: [String] = []
    func range(_ sizes: ClosedRange<Int>) -> String {
      sizes.lowerBound == sizes.upperBound
        ? "\(sizes.lowerBound)" : "\(sizes.lowerBound) to \(sizes.upperBound)"
    }
    if let heights, let widths {
      lines.append("images: height \(range(heights)), width \(range(widths))")
    }
    if !means.isEmpty {
      func list(_ numbers: [Double]) -> String {
        "[" + numbers.map { "\(($0 * 1e4).rounded() / 1e4)" }.joined(separator: ", ") + "]"
      }
      lines.append("channels: mean \(list(means)), std \(list(deviations))")
    }
    if boxCount > 0 {
      let all = boxCount == view.count - unreadable.count
      lines.append("boxes: " + (all ? "all records" : "\(View.grouped(boxCount)) records"))
    }
    lines.append(
      unreadable.isEmpty
        ? "unreadable: none"
        : "unreadable: \(View.grouped(unreadable.count)) of \(View.grouped(view.count))")
    return lines
  }

  fileprivate func warnings(of view: View) -> [String] {
    func list(_ found: [(position: Int, reason: String)]) -> String {
      View.some(found.map { "\(view.name($0.position)), \($0.reason)" }, of: 5)
    }
    var warnings: [String] = []
    if !notFinite.isEmpty {
      warnings.append(
        "\(notFinite.count == 1 ? "a record holds" : "\(View.grouped(notFinite.count)) records hold") NaN "
          + "or infinite numbers, left out of the means: "
          + View.some(notFinite.map { view.name($0) }, of: 5))
    }
    if !unreadable.isEmpty { warnings.append(View.some(unreadable.map(\.reason), of: 5)) }
    if !boxesOutside.isEmpty {
      warnings.append(
        "\(boxesOutside.count == 1 ? "a box reaches" : "\(boxesOutside.count) boxes reach") outside "
          + "the image: \(list(boxesOutside))")
    }
    return warnings
  }
}
