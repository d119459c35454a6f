import Datasets
import Host
import Language
import Tensors

/// A data set as a value of the language: lazy, immutable, with or without splits.
public final class DatasetObject: HostObject {
  /// The data set.
  public let dataset: Dataset

  /// Makes an object.
  public init(_ dataset: Dataset) { self.dataset = dataset }
  /// Makes the object of a data set without splits.
  public convenience init(_ view: View) { self.init(Dataset(view)) }

  override public var typeName: String { "dataset" }
  override public var summary: String { "dataset: \(dataset.summary)" }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<DatasetObject>] = splits + others
  private static let splits: [Member<DatasetObject>] = ["train", "val", "test"].map { name in
    Member(name, "dataset", "The split \(name), if the data set has it.") {
      .object(try $0.split(name))
    }
  }
  private static let others: [Member<DatasetObject>] = [
    Member("splits", "list", "The names of the splits.") {
      Value(strings: $0.dataset.splitNames)
    },
    Member(
      "origins", "list",
      "The names of all splits that its records come from, also through subset, filter, mix and transforms."
    ) { Value(strings: try $0.view("origins").origins) },
    Member("classes", "list", "The names of the classes, in the order of the labels.") {
      Value(strings: $0.dataset.isLabelled ? $0.dataset.classes : [])
    },
    Member("images", "tensor", "All images in one tensor, record by record.") {
      Value(try $0.view("images").images())
    },
    Member("labels", "tensor", "Each record's label.") { Value(try $0.view("labels").labels()) },
    Member(
      "numbers", "tensor",
      "Each record's number in its source, which it keeps when it is selected, split or shuffled."
    ) { Value(try $0.view("numbers").numbers()) },
    Member(
      "boxes", "tensor",
      "Each record's box as a row [x, y, width, height]; nil if any record has none."
    ) { try $0.boxes() },
    Member(
      "parts", "list", "Each record's marked parts, a map from name to place [x, y], or nil."
    ) {
      let view = try $0.view("parts")
      return .list(List(try view.annotations(0..<view.count).map { Value($0.parts) }))
    },
    Member(
      "attributes", "tensor",
      "Each record's attributes as a row of 0 and 1, float32 [n, attributes]; nil if any has none."
    ) { try $0.view("attributes").attributes().map { Value($0) } ?? .nil },
    Member("ids", "list", "Each record's name in the source.") {
      let view = try $0.view("ids")
      return Value(strings: (0..<view.count).map(view.name))
    },
    Member("transforms", "list", "The transforms that make its images, as text.") {
      Value(strings: $0.dataset.splits[0].view.transforms ?? [])
    },
    Member(
      "fixed", "bool",
      "Whether every epoch gives the same pixels, because no transform is random."
    ) { .bool($0.dataset.splits.allSatisfy(\.view.isFixed)) },
    Member("weights", "tensor", "Each record's weight; nil if none were given.") {
      try $0.view("weights").recordWeights().map { Value($0) } ?? .nil
    },
    Member(
      "logits", "tensor", "Each record's outputs of the model given to `outputs`; nil without."
    ) { try $0.view("logits").logits().map { Value($0) } ?? .nil },
    Member("features", "map", "All that `outputs` has kept of the records, by place.") {
      Value(features: try $0.view("features").outputs())
    },
  ]
  /// The splits that the data set has, and its other members.
  override public var memberNames: [String] {
    super.memberNames.filter {
      !["train", "val", "test"].contains($0) || dataset.splitNames.contains($0)
    }
  }

  /// The view of a data set without splits; the error begins with the operation.
  func view(_ operation: String) throws -> View {
    do {
      return try dataset.view
    } catch var failure as Failure {
      failure.message = "\(operation): \(failure.message)"
      throw failure
    }
  }

  private func split(_ name: String) throws -> DatasetObject {
    if let view = dataset[name] { return DatasetObject(view) }
    guard dataset.hasSplits else {
      throw Failure(
        "splits", "\(name): the data set has no splits",
        hint: "use it as it is, or split it first: split(d, val: 1/3)")
    }
    if let reason = dataset.absent[name] {
      throw Failure("splits", "\(name): \(reason)")
    }
    throw Failure(
      "splits", "\(name): the data set has the splits \(dataset.splitNames.joined(separator: ", "))"
    )
  }

  /// [n, 4], or nil if any record has no box.
  private func boxes() throws -> Value {
    let view = try view("boxes")
    var numbers: [Float] = []
    for annotation in try view.annotations(0..<view.count) {
      guard let box = annotation.box else { return .nil }
      numbers += [Float(box.x), Float(box.y), Float(box.width), Float(box.height)]
    }
    return Value(try Tensor(numbers, shape: [view.count, 4]))
  }

  /// Selects the records for which a test is true.
  func filtered(_ test: (Value) throws -> Bool) throws -> DatasetObject {
    let view = try view("filter")
    let kept = try (0..<view.count).filter { try test(.object(RecordObject(view, $0))) }
    return DatasetObject(view.selecting(kept))
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    for split in dataset.splits {
      digest.add(split.name)
      try split.view.addContent(to: &digest)
    }
    return dataset.splits.flatMap { $0.view.scripts.values }
  }

  override public func length() throws -> Int? { try view("len").count }

  override public func iterator() throws -> (() throws -> Value?)? {
    let view = try view("for")
    var positions = (0..<view.count).makeIterator()
    return { positions.next().map { .object(RecordObject(view, $0)) } }
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value {
    let view = try view("index")
    switch try Choice(index, count: view.count, of: typeName) {
    case .one(let i): return .object(RecordObject(view, i))
    case .some(let positions): return .object(DatasetObject(view.selecting(positions)))
    }
  }
}

/// The meaning of an index in square brackets for a sequence of records.
enum Choice {
  /// A single one.
  case one(Int)
  /// Several, in order.
  case some([Int])

  /// Reads `[3]`, `[-1]`, `[0..8]`, `[[3, 1]]` or a mask. Throws `index`.
  init(_ index: [Subscript], count: Int, of kind: String) throws {
    func wrong(_ text: String) -> Failure { Failure("index", "index: \(text)") }
    func single(_ number: Double) throws -> Int {
      guard number == number.rounded(), abs(number) < 1e15 else {
        throw wrong("an index of a \(kind) must be a whole number, got \(number)")
      }
      let i = Int(number) < 0 ? Int(number) + count : Int(number)
      guard (0..<count).contains(i) else {
        throw wrong("\(Int(number)) is outside a \(kind) of \(count) records")
      }
      return i
    }
    func clipped(_ low: Int?, _ high: Int?) -> [Int] {
      func end(_ i: Int) -> Int { min(count, max(0, i < 0 ? i &+ count : i)) }
      let (from, to) = (low.map(end) ?? 0, high.map(end) ?? count)
      return from < to ? Array(from..<to) : []
    }
    guard index.count == 1 else { throw wrong("a \(kind) takes one index, got \(index.count)") }
    switch index[0] {
    case .slice(let low, let high): self = .some(clipped(low, high))
    case .ellipsis: self = .some(Array(0..<count))
    case .value(.number(let number)): self = .one(try single(number))
    case .value(.range(let range)): self = .some(Array(try range.positions(among: count)))
    case .value(.list(let list)):
      self = .some(
        try list.items.map { item in
          guard case .number(let number) = item else {
            throw wrong("a list of indices must contain whole numbers")
          }
          return try single(number)
        })
    case .value(.object(let object as TensorObject)) where object.tensor.rank == 1:
      let tensor = object.tensor
      switch tensor.dtype {
      case .bool:
        guard tensor.count == count else {
          throw wrong(
            "a mask must have \(count) elements, one for each record, got \(tensor.count)")
        }
        let mask = tensor.array(Bool.self)
        self = .some((0..<count).filter { mask[$0] })
      case .int32: self = .some(try tensor.array(Int32.self).map { try single(Double($0)) })
      default: throw wrong("indices must be int32 or a bool mask, got \(tensor.dtype.name)")
      }
    case .value:
      throw wrong("an index of a \(kind) must be a number, a range, a list of numbers or a mask")
    }
  }
}

extension [Any] {
  /// The functions of scripts that data sets hold, as values.
  var values: [Value] { compactMap { $0 as? Value } }
}

extension Value {
  /// A data set.
  init(_ dataset: Dataset) { self = .object(DatasetObject(dataset)) }
  /// A data set without splits.
  init(_ view: View) { self = .object(DatasetObject(view)) }
  /// A list of strings.
  init(strings: [String]) { self = .list(List(strings.map { Value($0) })) }
}

extension ParameterType {
  /// A data set.
  static let dataset = ParameterType.object("dataset", DatasetObject.self)
}

extension ArgumentType where T == Dataset {
  /// A data set, with or without splits.
  static var dataset: Self {
    Self(.dataset) { $0.instance(of: DatasetObject.self)?.dataset }
  }
}

extension ArgumentType where T == View {
  /// A data set without splits.
  static var view: Self { Self(.dataset) { try ArgumentType<Dataset>.dataset.read($0)?.view } }
}
