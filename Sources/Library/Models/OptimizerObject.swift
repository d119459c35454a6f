import Gradients
import Host
import Language
import Models
import Tensors

/// An optimizer as the language sees it.
public final class OptimizerObject: HostObject {
  /// The optimizer.
  public let optimizer: Optimizer

  /// Makes an object.
  public init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  override public var typeName: String { "optimizer" }
  override public var summary: String {
    let count = optimizer.parameters.count
    return "\(optimizer.name): lr \(Value.number(optimizer.learningRate).printed), weight_decay "
      + "\(Value.number(optimizer.weightDecay).printed), \(count) parameters, "
      + "\(optimizer.steps) steps"
  }

  static let fieldNames = ["lr", "weight_decay", "momentum", "steps", "models"]
  override public var memberNames: [String] {
    OptimizerObject.fieldNames.filter { $0 != "momentum" || optimizer is SGD }
  }

  override public func member(_ name: String) throws -> Value? {
    switch name {
    case "lr": .number(optimizer.learningRate)
    case "weight_decay": .number(optimizer.weightDecay)
    case "momentum": (optimizer as? SGD).map { .number($0.momentum) }
    case "steps": .number(Double(optimizer.steps))
    case "models": .list(List(optimizer.models.map { Value($0) }))
    default: nil
    }
  }

  override public func setMember(_ name: String, to value: Value) throws -> Bool {
    guard memberNames.contains(name), !["steps", "models"].contains(name) else { return false }
    guard case .number(let number) = value, number >= 0, number.isFinite else {
      throw Failure(
        "type", "\(optimizer.name): \(name) must be a number, 0 or more, got \(value.brief)")
    }
    switch name {
    case "lr": optimizer.learningRate = number
    case "weight_decay": optimizer.weightDecay = number
    default: (optimizer as? SGD)?.momentum = number
    }
    return true
  }
}

extension ParameterType {
  /// An optimizer.
  static let optimizer = ParameterType.object("optimizer", OptimizerObject.self)
}
