import Formats
import Gradients
import Tensors

/// Layers one after the other, named by their positions.
public final class Sequential: Layer {
  /// The layers.
  public let layers: [Layer]

  /// Makes a chain.
  public init(_ layers: [Layer]) { self.layers = layers }

  override public func duplicate(_ copies: Copies) -> Layer {
    Sequential(layers.map(copies.layer))
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    var y = x
    var i = 0
    while i < layers.count {
      // A product takes along what follows it, while its result is in the cache.
      if pass.observer == nil, i + 1 < layers.count, (layers[i + 1] as? Function)?.isRelu == true {
        if let dense = layers[i] as? Dense {
          y = try dense.forward(y, relu: true)
          i += 2
          continue
        }
        if let conv = layers[i] as? Conv {
          if i + 2 < layers.count, let size = (layers[i + 2] as? Pool)?.square {
            y = try conv.forward(y, fusing: .reluPool(size))
            i += 3
          } else {
            y = try conv.forward(y, fusing: .relu)
            i += 2
          }
          continue
        }
      }
      y = try pass.apply(layers[i], y)
      i += 1
    }
    return y
  }

  override public var kind: String { "sequential" }
  override public var label: String { "sequential of \(layers.count)" }
  override public var children: [(name: String, layer: Layer)] {
    layers.enumerated().map { ("\($0)", $1) }
  }
  override public var architecture: JSON? {
    let parts = layers.compactMap(\.architecture)
    guard parts.count == layers.count else { return nil }
    return .object([("kind", .string(kind)), ("layers", .array(parts))])
  }

  convenience init(_ reader: ArchitectureReader) throws {
    self.init(try reader.layers("layers"))
  }
}
