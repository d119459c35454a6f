import Tensors

extension View {
  /// One line: records, classes, image size, transforms.
  public var summary: String {
    var parts = ["\(View.grouped(count)) \(count == 1 ? "record" : "records")", classCount]
    parts.append(imageSize)
    if let transforms {
      if !transforms.isEmpty { parts.append(transforms.joined(separator: " |> ")) }
    } else {
      parts.append("a mix of views")
    }
    return parts.joined(separator: ", ")
  }

  var classCount: String { "\(classes.count) \(classes.count == 1 ? "class" : "classes")" }

  /// `[3, 224, 224]`, or that sizes vary.
  public var imageSize: String {
    imageShape.map { Tensor.describe($0) } ?? "images of various sizes"
  }

  /// How many records each class has, by label.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for i in 0..<count { counts[Int(label(i))] += 1 }
    return counts
  }

  /// What was odd but harmless in the sources.
  public var warnings: [String] { strands.flatMap(\.source.warnings) }

  /// `60,000`.
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
    if let transforms = view.transforms {
      if !transforms.isEmpty { parts.append(transforms.joined(separator: " |> ")) }
    } else {
      parts.append("a mix of views")
    }
    return parts.joined(separator: ", ")
  }

  /// Several lines: each split's count of records, transforms, records a class, oddities.
  public var description: String {
    var lines: [String] = []
    for split in splits {
      let view = split.view
      lines.append((split.name.isEmpty ? "" : split.name + ": ") + view.summary)
      let counts = zip(view.classes, view.classCounts).map { "\($0) \($1)" }
      let shown = counts.prefix(20).joined(separator: ", ")
      if !counts.isEmpty {
        lines.append("  " + shown + (counts.count > 20 ? ", ... (\(counts.count) classes)" : ""))
      }
      let warnings = view.warnings
      lines += warnings.prefix(5).map { "  note: " + $0 }
      if warnings.count > 5 { lines.append("  note: \(warnings.count - 5) more like these") }
    }
    return lines.joined(separator: "\n")
  }
}
