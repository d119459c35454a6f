import Formats
import Host

extension Optimizer {
  /// The options by the names that files give them.
  private var options: [(name: String, value: Double)] {
    let common = [("lr", learningRate), ("weight_decay", weightDecay)]
    return switch self {
    case let sgd as SGD:
      common + [("momentum", sgd.momentum)] + (sgd.isNesterov ? [("nesterov", 1)] : [])
    case let adam as Adam:
      common + [("beta1", adam.betas.0), ("beta2", adam.betas.1), ("epsilon", adam.epsilon)]
    default: common
    }
  }

  /// How a file describes the optimizer; `models` are the names of its models there.
  func description(models: [JSON]) -> JSON {
    let rates = rates.map { JSON.array([.string($0.pattern.text), .number($0.factor)]) }
    return .object(
      [("kind", .string(name)), ("models", .array(models)), ("steps", .number(Double(steps)))]
        + options.map { ($0.name, .number($0.value)) } + [("rates", .array(rates))])
  }

  /// Makes the optimizer that a file describes, without its state; nil if the kind is unknown or an
  /// option is missing.
  static func described(by json: JSON, of models: [Layer]) throws -> Optimizer? {
    guard case .string(let kind)? = json["kind"] else { return nil }
    let optimizer: Optimizer
    switch kind {
    case "sgd": optimizer = try SGD(models, learningRate: 0)
    case "adam", "adamw": optimizer = try Adam(models, isDecoupled: kind == "adamw")
    default: return nil
    }
    return try optimizer.set(json) ? optimizer : nil
  }

  /// Sets the options to those of a description; false if it describes another kind of optimizer.
  func set(_ json: JSON) throws -> Bool {
    guard json["kind"] == .string(name) else { return false }
    var values: [String: Double] = [:]
    for (option, _) in options {
      guard case .number(let value)? = json[option], value.isFinite, value >= 0 else {
        throw Failure("file-format", "load: an optimizer \(name) without a proper \"\(option)\"")
      }
      values[option] = value
    }
    // Written only for an optimizer that has it.
    (self as? SGD)?.isNesterov = json["nesterov"] == .number(1)
    rates = try Optimizer.rates(json["rates"] ?? .array([]))
    learningRate = values["lr"] ?? learningRate
    weightDecay = values["weight_decay"] ?? weightDecay
    switch self {
    case let sgd as SGD: sgd.momentum = values["momentum"] ?? sgd.momentum
    case let adam as Adam:
      adam.betas = (values["beta1"] ?? adam.betas.0, values["beta2"] ?? adam.betas.1)
      adam.epsilon = values["epsilon"] ?? adam.epsilon
    default: break
    }
    return true
  }

  /// Reads the patterns with their factors. They count even if nothing matches them at present.
  private static func rates(_ json: JSON) throws -> [Rate] {
    let wrong = Failure("file-format", "load: an optimizer without proper \"rates\"")
    guard case .array(let items) = json else { throw wrong }
    return try items.map {
      guard case .array(let pair) = $0, pair.count == 2, case .string(let pattern) = pair[0],
        case .number(let factor) = pair[1], factor >= 0
      else { throw wrong }
      return (PathPattern(pattern), factor)
    }
  }
}
