import Gradients
import Tensors

extension Networks {
  /// CNN-M of Chatfield et al. ("Return of the devil in the details", 2014) for images of 224 x 224
  /// x 3: five convolutions with local response normalisation, three fully connected layers. The
  /// last one is set up for fine-tuning as in the paper: weights drawn from N(0, 0.01), ten and
  /// twenty times the learning rate, no decay on the bias.
  public static func vggM(classes: Int, key: RandomKey) throws -> Layer {
    Sequential(
      [
        try conv(96, 7, stride: 2, key["conv1"]), relu, LocalResponseNorm(), try pool(3, stride: 2),
        try conv(256, 5, stride: 2, padding: [1], key["conv2"]), relu, LocalResponseNorm(),
        try pool(3, stride: 2, padding: [0, 1, 0, 1]),
        try conv(512, 3, padding: [1], key["conv3"]), relu,
        try conv(512, 3, padding: [1], key["conv4"]), relu,
        try conv(512, 3, padding: [1], key["conv5"]), relu, try pool(3, stride: 2),
      ] + (try head(classes, key)))
  }

  /// VGG-16 of Simonyan and Zisserman ("Very deep convolutional networks", 2015), configuration D,
  /// for images of 224 x 224 x 3.
  public static func vggVD16(classes: Int, key: RandomKey) throws -> Layer {
    var layers: [Layer] = []
    for (block, (width, count)) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)].enumerated() {
      for i in 0..<count {
        layers += [try conv(width, 3, padding: [1], key["conv\(block + 1)_\(i + 1)"]), relu]
      }
      layers.append(try pool(2, stride: 2))
    }
    return Sequential(layers + (try head(classes, key)))
  }

  private static func head(_ classes: Int, _ key: RandomKey) throws -> [Layer] {
    [
      flatten, try Dense(units: 4096, key: key["fc6"]), relu,
      try Dropout(rate: 0.5, key: key["dropout6"]),
      try Dense(units: 4096, key: key["fc7"]), relu,
      try Dropout(rate: 0.5, key: key["dropout7"]),
      try Dense(units: classes, options: .newHead, key: key["fc8"]),
    ]
  }
}
