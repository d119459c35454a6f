import Gradients
import Host
import Tensors

/// Drops a share of the elements in training form. What it drops depends on the layer's key and on
/// how many training steps it has seen, which is saved with it: a run that is taken up again drops
/// what an uninterrupted one would.
public final class Dropout: Layer {
  /// The share.
  public let rate: Double
  private let key: RandomKey
  private let calls: Buffer

  /// Makes a layer. Throws `argument` for a rate outside 0..<1.
  public convenience init(rate: Double, key: RandomKey) throws {
    guard rate >= 0, rate < 1 else {
      throw Failure("argument", "dropout: the rate must be 0 or more and below 1, got \(rate)")
    }
    self.init(rate: rate, key: key, calls: Buffer(try Tensor(scalar: Int32(0))))
  }

  private init(rate: Double, key: RandomKey, calls: Buffer) {
    self.rate = rate
    self.key = key
    self.calls = calls
  }

  override public func duplicate() -> Layer { Dropout(rate: rate, key: key, calls: calls.copy()) }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard pass.training else { return x }
    let call = calls.value?.array(Int32.self).first ?? 0
    try Tape.update { [calls] in calls.value = try Tensor(scalar: call &+ 1) }
    return try x.dropout(rate: rate, key: key[Int(call)])
  }

  override public var kind: String { "dropout" }
  override public var label: String { "dropout(\(rate))" }
  override public var ownBuffers: [(name: String, buffer: Buffer)] { [("calls", calls)] }
  override public var architecture: JSON? {
    .object([("kind", .string(kind)), ("rate", .number(rate)), ("key", JSON(key))])
  }

  convenience init(_ reader: ArchitectureReader) throws {
    try self.init(rate: reader.number("rate"), key: reader.key())
  }
}
