import Formats
import Gradients
import Host
import Tensors

/// Drops a fraction of the elements in training mode. Which ones depends on the layer's key and on
/// the number of training steps it has seen, a setting that is saved with the layer: a resumed run
/// drops the same elements as an uninterrupted one.
public final class Dropout: Layer {
  /// The fraction of elements that are dropped.
  public let rate: Double
  private let key: RandomKey
  private let calls: Setting

  /// Creates a layer. Throws `argument` for a rate outside 0..<1.
  public convenience init(rate: Double, key: RandomKey) throws {
    guard rate >= 0, rate < 1 else {
      throw Failure("argument", "dropout: the rate must be 0 or more and below 1, got \(rate)")
    }
    self.init(rate: rate, key: key, calls: Setting(0))
  }

  private init(rate: Double, key: RandomKey, calls: Setting) {
    self.rate = rate
    self.key = key
    self.calls = calls
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Dropout(rate: rate, key: key, calls: Setting(calls.value))
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard pass.training else { return x }
    let call = Int(exactly: calls.value) ?? 0
    try Tape.update { [calls] _ in calls.value = Double(call + 1) }
    return try x.dropout(rate: rate, key: key[call])
  }

  static let kind = LayerKind("dropout") { try Dropout($0) }
  override public var kind: LayerKind? { Dropout.kind }
  override public var label: String { "dropout(\(rate))" }
  override public var ownSettings: [(name: String, setting: Setting)] {
    super.ownSettings + [("calls", calls)]
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [("rate", .number(rate)), ("key", JSON(key))]
  }

  /// Nothing is dropped in evaluation mode.
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    inputs[0]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    try self.init(rate: reader.number("rate"), key: reader.key())
  }
}
