import Host
import Language
import Tensors

private let values = Argument("values", .map, "the numbers by name; nil is left out")
private let step = Argument(
  "step", .optional(.whole(0...)), "how many steps are done; one more than before by default",
  named: true)
private let done = Argument(
  "step", .optional(.whole(0...)), "how many steps are done; as many as before by default",
  named: true)

/// The metrics of one training, as a value of the language. Without a series, nothing is recorded.
public final class MetricsObject: HostObject {
  private let label: String
  private let series: MetricSeries?
  private var steps = 0
  private var epochs = 0

  init(_ label: String, _ series: MetricSeries?) { (self.label, self.series) = (label, series) }

  override public var typeName: String { "metrics" }
  override public var summary: String { "metrics of \(label): \(steps) steps, \(epochs) epochs" }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<MetricsObject>] = [
    Member("record", "function", "`m.record({loss: 0.5})` records numbers after a step.") {
      .object($0.stepper)
    },
    Member(
      "record_epoch", "function",
      "`m.record_epoch({val_accuracy: 0.8})` records numbers after an epoch."
    ) { .object($0.epocher) },
  ]

  private var stepper: Builtin {
    Builtin(
      "record", "Records numbers after a step.", [values, step],
      examples: [Example("metrics(\"train\").record({loss: 0.5})")]
    ) { [self] call in
      let numbers = try MetricsObject.numbers(call[values], reserved: ["epoch"])
      steps = try call[step] ?? steps + 1
      series?.add(numbers, step: steps, epoch: nil)
    }
  }

  private var epocher: Builtin {
    Builtin(
      "record_epoch", "Records numbers after an epoch.",
      details: """
        Its number is `epoch` of the values, or else one more than before, from 0.
        """, [values, done],
      examples: [Example("metrics(\"train\").record_epoch({val_accuracy: 0.8}, step: 100)")]
    ) { [self] call in
      var numbers = try MetricsObject.numbers(call[values], reserved: [])
      var epoch = epochs
      if let i = numbers.firstIndex(where: { $0.name == "epoch" }) {
        guard let number = Int(exactly: numbers.remove(at: i).value), number >= 0 else {
          throw call.wrong(values, "a map whose epoch is a whole number, 0 or more")
        }
        epoch = number
      }
      epochs = epoch + 1
      steps = try call[done] ?? steps
      series?.add(numbers, step: steps, epoch: epoch)
    }
  }

  /// Returns the numbers of a map from names to numbers, bools and tensors of one element.
  private static func numbers(_ map: Map, reserved: [String]) throws -> [(
    name: String, value: Double
  )] {
    try map.entries.compactMap { key, value in
      guard case .string(let name) = key else {
        throw Failure("type", "metrics: a name must be a string, got \(key.shown)")
      }
      if name == "label" || name == "step" || name == "time" || reserved.contains(name) {
        throw Failure(
          "argument", "metrics: \"\(name)\" is already the name of a column of metrics.jsonl",
          hint: "choose another name")
      }
      switch value {
      case .nil: return nil
      case .number(let x): return (name, x)
      case .bool(let x): return (name, x ? 1 : 0)
      case .object(let object as TensorObject) where object.tensor.count == 1:
        return (name, object.tensor.doubles[0])
      default:
        throw Failure(
          "type",
          "metrics: \(name) must be a number or a tensor of one number, got \(value.brief)")
      }
    }
  }
}
