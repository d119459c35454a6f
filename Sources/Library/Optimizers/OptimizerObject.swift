import Host
import Language
import Models

/// An optimizer as a value of the language.
public final class OptimizerObject: HostObject {
  /// The optimizer.
  public let optimizer: Optimizer

  /// Creates an object for an optimizer.
  public init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  override public var typeName: String { "optimizer" }
  override public var summary: String {
    let count = optimizer.parameters.count
    let rates = optimizer.rates.isEmpty ? "" : "rates \(Value.map(ratesMap).printed), "
    return "\(optimizer.name): lr \(Value.number(optimizer.learningRate).printed), weight_decay "
      + "\(Value.number(optimizer.weightDecay).printed), \(rates)\(count) parameters, "
      + "\(optimizer.steps) steps"
  }

  /// The patterns of paths with what they multiply the learning rate by.
  fileprivate var ratesMap: Map {
    let map = Map()
    for (pattern, factor) in optimizer.rates {
      map.entries[.string(pattern.text)] = .number(factor)
    }
    return map
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    try optimizer.addContent(to: &digest)
    return optimizer.models.map { Value($0) }
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<OptimizerObject>] = [
    Member("lr", "number", "The learning rate of the next step.", isSettable: true) {
      .number($0.optimizer.learningRate)
    },
    Member("weight_decay", "number", "The weight decay.", isSettable: true) {
      .number($0.optimizer.weightDecay)
    },
    Member("momentum", "number", "The momentum; only `sgd` has one.", isSettable: true) {
      ($0.optimizer as? SGD).map {
        .number($0.momentum)
      }
    },
    Member("steps", "number", "How many steps it has taken.") {
      .number(Double($0.optimizer.steps))
    },
    Member("rates", "map", "What the learning rate of parameters is multiplied by, by pattern.") {
      .map($0.ratesMap)
    },
    Member("models", "list", "The models that it trains.") {
      .list(List($0.optimizer.models.map { Value($0) }))
    },
  ]
  /// All members; `momentum` only if the optimizer has it.
  override public var memberNames: [String] {
    super.memberNames.filter { $0 != "momentum" || optimizer is SGD }
  }

  override public func setMember(
    _ name: String, to value: Value, on machine: any Caller
  ) throws -> Bool {
    guard memberNames.contains(name),
      OptimizerObject.members.contains(where: { $0.name == name && $0.isSettable })
    else { return false }
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

extension ArgumentType where T == Optimizer {
  /// An optimizer.
  static var optimizer: Self {
    ArgumentType<OptimizerObject>.object("optimizer").map(\.optimizer)
  }
}
