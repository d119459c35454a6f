import Gradients
import Host
import Tensors

extension Layer {
  /// Moves the weights a share of the way to those of a network that is built alike: w = (1 - share)
  /// · w + share · other. Buffers of floating-point numbers are moved too; counts become those of the
  /// other network. Layers without a size take the other's weights. Throws `shape` and changes
  /// nothing if the two are not built alike.
  public func blend(_ other: Layer, share: Double) throws {
    let (mine, others) = (parameters, other.parameters)
    let (myBuffers, otherBuffers) = (buffers, other.buffers)
    guard mine.map(\.path) == others.map(\.path),
      myBuffers.map(\.path) == otherBuffers.map(\.path),
      zip(mine, others).allSatisfy({ Layer.agree($0.parameter.value, $1.parameter.value) }),
      zip(myBuffers, otherBuffers).allSatisfy({ Layer.agree($0.buffer.value, $1.buffer.value) })
    else { throw Failure("shape", "blend: the two models have other parameters") }
    for (own, other) in zip(mine, others) {
      guard let value = other.parameter.value else { continue }
      guard own.parameter.value != nil, share < 1 else {
        own.parameter.value = value
        continue
      }
      try own.parameter.update { try $0.blend(value, share) }
    }
    for (own, other) in zip(myBuffers, otherBuffers) {
      guard let value = other.buffer.value else { continue }
      guard var mixed = own.buffer.value, share < 1, value.dtype == .float32 else {
        own.buffer.value = value
        continue
      }
      own.buffer.value = nil
      defer { own.buffer.value = mixed }
      try mixed.blend(value, share)
    }
  }

  private static func agree(_ own: Tensor?, _ other: Tensor?) -> Bool {
    guard let own, let other else { return own == nil }
    return own.shape == other.shape && own.dtype == other.dtype
  }
}

extension Tensor {
  /// Moves float32 numbers a share of the way to those of a tensor of the same shape.
  fileprivate mutating func blend(_ other: Tensor, _ share: Double) throws {
    let (kept, share) = (Float(1 - share), Float(share))
    let number = count
    try withElements(writing(Float.self), other.reading(Float.self)) { own, other in
      parallel(number, grain: 1 << 15) { range in
        for i in range { own[i] = kept * own[i] + share * other[i] }
      }
    }
  }
}
