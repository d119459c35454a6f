import Host

extension Digest {
  /// Adds a tensor: its type, shape and bytes.
  public mutating func add(_ tensor: Tensor) {
    add(tensor.dtype.name + Tensor.describe(tensor.shape))
    tensor.readBytes { add($0) }
  }
}
