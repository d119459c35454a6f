import Gradients
import Tensors

@testable import Models

/// Layers and a network for tests.
enum Networks {
  /// Two convolutions and two fully connected layers for small images.
  static func smallCNN(classes: Int, key: RandomKey) throws -> Layer {
    Sequential([
      try conv(32, 3, padding: [1], init: .contrast, key["conv1"]), relu, try pool(2, stride: 2),
      try conv(64, 3, padding: [1], key["conv2"]), relu, try pool(2, stride: 2),
      flatten, try Dense(units: 128, key: key["dense1"]), relu,
      try Dense(units: classes, key: key["dense2"]),
    ])
  }

  static var relu: Layer { Function("relu") ?? Layer() }
  static var flatten: Layer { Function("flatten") ?? Layer() }

  static func conv(
    _ filters: Int, _ size: Int, padding: [Int] = [0], init initializer: Initializer = .standard,
    _ key: RandomKey
  ) throws -> Layer {
    var options = WeightOptions()
    options.initializer = initializer
    return try Conv(
      filters: filters, size: (size, size), window: Window(padding: padding), options: options,
      key: key)
  }

  static func pool(_ size: Int, stride: Int) throws -> Layer {
    Pooling(.max, size: (size, size), window: try Window(stride: [stride]))
  }
}
