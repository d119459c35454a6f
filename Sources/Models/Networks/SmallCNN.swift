import Gradients
import Tensors

/// Networks by name.
public enum Networks {
  /// Two convolutions and two dense layers for small images: conv 3 x 3 of 32, relu, pool 2, conv
  /// 3 x 3 of 64, relu, pool 2, dense 128, relu, dense `classes`. It takes images of 0..1, which it
  /// centres and stretches first.
  public static func smallCNN(classes: Int, key: RandomKey) throws -> Layer {
    Sequential(
      [
        try conv(32, 3, padding: [1], key["conv1"]), relu, try pool(2, stride: 2),
        try conv(64, 3, padding: [1], key["conv2"]), relu, try pool(2, stride: 2),
        flatten, try Dense(units: 128, key: key["dense1"]), relu,
        try Dense(units: classes, key: key["dense2"]),
      ], input: Scaling(mean: 0.5, factor: 4))
  }

  static var relu: Layer { Function("relu") ?? Layer() }
  static var flatten: Layer { Function("flatten") ?? Layer() }

  static func conv(
    _ filters: Int, _ size: Int, stride: Int = 1, padding: [Int] = [0], _ key: RandomKey
  ) throws -> Layer {
    try Conv(
      filters: filters, size: (size, size), window: Window(stride: [stride], padding: padding),
      key: key)
  }

  static func pool(_ size: Int, stride: Int, padding: [Int] = [0]) throws -> Layer {
    Pool(.max, size: (size, size), window: try Window(stride: [stride], padding: padding))
  }
}
