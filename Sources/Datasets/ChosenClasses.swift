import Host
import Images
import Tensors

extension Dataset {
  /// Selects the records of some classes in every split, and renumbers the classes in the given
  /// order.
  public func choosing(_ labels: [Int]) -> Dataset { map { $0.choosing(labels) } }

  /// Gives the classes other names, in the order of the labels. Throws `classes` unless there is one
  /// name, used once, for each class.
  public func renaming(_ names: [String]) throws -> Dataset {
    guard names.count == classes.count else {
      throw Failure(
        "classes",
        "rename_classes: there must be \(classes.count) names, one for each class, got \(names.count)"
      )
    }
    if let i = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      throw Failure("classes", "rename_classes: \(names[i]) is named twice")
    }
    return map { $0.renaming(names) }
  }
}

extension View {
  /// Selects the records with some labels, and renumbers the classes in the given order.
  func choosing(_ labels: [Int]) -> View {
    var numbers = [Int32](repeating: -1, count: classes.count)
    for (new, old) in labels.enumerated() { numbers[old] = Int32(new) }
    let names = labels.map { classes[$0] }
    let kept = (0..<count).filter { numbers[Int(label($0))] >= 0 }
    return relabelled(numbers, names).selecting(kept)
  }

  fileprivate func renaming(_ names: [String]) -> View {
    relabelled(classes.indices.map { Int32($0) }, names)
  }

  /// The same records with other labels, given for each present label, and names of classes.
  private func relabelled(_ numbers: [Int32], _ names: [String]) -> View {
    View(
      strands: strands.map { $0.replacingSource { RelabelledSource($0, numbers, names) } },
      entries: entries, classes: names, values: values, origins: origins)
  }
}

extension Strand {
  /// The same chain of transforms, applied to another source that holds the same pixels.
  fileprivate func replacingSource(_ change: (RecordSource) -> RecordSource) -> Strand {
    Strand(change(source), steps: steps)
  }
}

/// The records of another source with other labels; -1 for records of classes that are left out.
private final class RelabelledSource: RecordSource {
  private let base: RecordSource
  let classes: [String]
  let labels: [Int32]

  init(_ base: RecordSource, _ numbers: [Int32], _ classes: [String]) {
    self.base = base
    self.classes = classes
    labels = base.labels.map { numbers.indices.contains(Int($0)) ? numbers[Int($0)] : -1 }
  }

  var identity: String { base.identity }
  var drawKey: String { base.drawKey }
  var title: String { base.title }
  var contentKey: String { base.contentKey }
  var placeKey: String { base.placeKey }
  var count: Int { base.count }
  var imageShape: [Int]? { base.imageShape }
  var scale: PixelScale { base.scale }
  var isResident: Bool { base.isResident }
  var isFast: Bool { base.isFast }
  var isLabelled: Bool { base.isLabelled }
  var notes: [String] { base.notes }
  var warnings: [String] { base.warnings }
  var skipped: [(record: Int, reason: String)] { base.skipped }
  func load(_ record: Int) throws -> Sample { try base.load(record) }
  func load(_ record: Int, target: LoadTarget) throws -> Sample {
    try base.load(record, target: target)
  }
  func annotation(_ record: Int) -> Annotation? { base.annotation(record) }
  func attributes() throws -> Tensor? { try base.attributes() }
  func content(_ record: Int) throws -> Digest { try base.content(record) }
  var isNumbered: Bool { base.isNumbered }
  func name(_ record: Int) -> String { base.name(record) }
}
