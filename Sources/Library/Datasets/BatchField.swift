import Datasets
import Host
import Language
import Tensors

/// What a batch may be asked for by name.
enum BatchField: String, CaseIterable {
  /// The images of a data set.
  case images
  /// The images of the first view of pairs.
  case first
  /// The images of the second view of pairs.
  case second
  case labels
  /// The records' numbers.
  case numbers
  /// The records' weights in the loss, or nil.
  case weights
  /// The outputs of a model that `outputs` has kept.
  case logits
  /// All that `outputs` has kept, a map by place.
  case features

  /// Which of a data set's or of pairs' views the images are of; nil for a field that is not an image.
  var view: Int? {
    switch self {
    case .images, .first: 0
    case .second: 1
    case .labels, .numbers, .weights, .logits, .features: nil
    }
  }

  /// The views whose images some fields want, each once. Throws `fields` if the views do not have one
  /// of the fields.
  static func rendered(_ fields: [BatchField], of views: [View]) throws -> [Int] {
    for field in fields {
      let (isPairs, reason): (Bool, String)
      switch field {
      case .images: (isPairs, reason) = (false, "pairs have \"first\" and \"second\"")
      case .first, .second: (isPairs, reason) = (true, "a data set has \"images\"")
      case .labels, .numbers, .weights: continue
      case .logits, .features:
        let isKept = field == .logits ? \View.hasLogits : \View.hasOutputs
        if views.contains(where: { $0[keyPath: isKept] || $0.count == 0 }) { continue }
        throw Failure(
          "fields", "batches: no \(field.rawValue) are kept for the records",
          hint:
            "outputs(f, d) gives d with the logits of f, and outputs(f, d, at: path) with features")
      }
      if isPairs != (views.count == 2) {
        throw Failure("fields", "batches: there is no \"\(field.rawValue)\": \(reason)")
      }
    }
    return Set(fields.compactMap(\.view)).sorted()
  }

  /// The values of some fields of a batch, in their order.
  static func values(_ fields: [BatchField], of batch: Batches.Batch) throws -> [Value] {
    let views = Set(fields.compactMap(\.view)).sorted()
    return try fields.map { field in
      switch field {
      case .images, .first, .second:
        views.firstIndex { $0 == field.view }.map { Value(batch.images[$0]) } ?? .nil
      case .labels: Value(try batch.labels)
      case .numbers: Value(try batch.numbers)
      case .weights: try batch.weights.map { Value($0) } ?? .nil
      case .logits: try batch.logits.map { Value($0) } ?? .nil
      case .features: try batch.features.map { Value(features: $0) } ?? .nil
      }
    }
  }
}

extension Value {
  /// What is kept of places inside a model, as a map by place.
  init(features: [(place: String, rows: Tensor)]) {
    self = Value(named: features.map { ($0.place, Value($0.rows)) })
  }
}
