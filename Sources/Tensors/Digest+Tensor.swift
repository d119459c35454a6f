import Host

extension Digest {
  /// Adds a tensor: its type, its shape and its elements' bytes.
  public mutating func add(_ tensor: Tensor) {
    add(tensor.dtype.name + Tensor.describe(tensor.shape))
    tensor.readBytes { add($0) }
  }
}
