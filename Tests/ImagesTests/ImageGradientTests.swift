import Host
import Tensors
import Testing

@testable import Images

/// The same numbers as `pattern` in Reference/gradients.py.
private func pattern(_ shape: Int...) throws -> Tensor {
  try Tensor(
    (0..<shape.reduce(1, *)).map { i -> Float in
      let number: Int = i * 7919 + (i * i % 31) * 613
      return Float(number % 256) / 255
    }, shape: shape)
}

private func expect(_ image: Tensor, _ expected: [Float], within tolerance: Float = 2e-5) {
  let found = image.array(Float.self)
  #expect(found.count == expected.count)
  for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance) }
}

/// Affine maps of images, and the gradients of images, against other programs' numbers.
struct ImageGradientTests {
  @Test("images are turned, sheared, scaled and moved as torchvision does it")
  func maps() throws {
    let image = try pattern(2, 7, 9)
    let turn = AffineMap(width: 9, height: 7, degrees: 25)
    expect(try turn.warp(image, bilinearly: true), turned)
    expect(try turn.warp(image, bilinearly: false), turnedNearest)
    let map = AffineMap(
      width: 9, height: 7, degrees: 20, shift: (2, -1), scale: 1.3, shear: (12, -7))
    expect(try map.warp(image, bilinearly: true), movedAffinely)
    expect(
      try map.warpBackward(pattern(2, 7, 9).flipped(axes: [2]), bilinearly: true), movedGradient)
  }

  @Test("a quarter of a turn moves whole pixels, and the map that does not change gives the image")
  func quarters() throws {
    let image = try pattern(1, 5, 5)
    let same = AffineMap(width: 5, height: 5)
    for isBilinear in [true, false] {
      expect(try same.warp(image, bilinearly: isBilinear), image.array(Float.self))
      let turned = try AffineMap(width: 5, height: 5, degrees: 90).warp(
        image, bilinearly: isBilinear)
      // Counterclockwise: the last column becomes the first row.
      let expected = try image.transposed([0, 2, 1]).flipped(axes: [1])
      expect(turned, expected.array(Float.self))
    }
    let box = AffineMap(width: 10, height: 20, degrees: 90)(Box(x: 0, y: 0, width: 4, height: 2))
    let rounded = [box.x, box.y, box.width, box.height].map { ($0 * 1e6).rounded() / 1e6 }
    #expect(rounded == [-5, 11, 2, 4])
  }

  @Test("gradients through resizing are PyTorch's")
  func resizing() throws {
    let expected: [(ResizeMethod, Int, Int, [Float])] = [
      (.bicubic, 3, 4, bicubicGradient3x4), (.bicubic, 10, 12, bicubicGradient10x12),
      (.bicubic, 5, 12, bicubicGradient5x12), (.bilinear, 3, 4, bilinearGradient3x4),
      (.bilinear, 10, 12, bilinearGradient10x12), (.bilinear, 5, 12, bilinearGradient5x12),
    ]
    for (method, height, width, numbers) in expected {
      let resizer = Resizer(method)
      expect(try resizer.resizeBackward(pattern(2, height, width), height: 7, width: 9), numbers)
    }
  }

  @Test("the gradient through a blur is that of SciPy's")
  func blurring() throws {
    expect(try Filters.blurBackward(pattern(2, 7, 9), sigma: 1.3), blurGradient)
  }

  /// The sum of the products of two tensors.
  private func product(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.array(Float.self), b.array(Float.self)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test(
    "each backward pass is the transpose of its forward pass",
    arguments: [(3, 5), (20, 41), (64, 17)])
  func transposes(height: Int, width: Int) throws {
    let x = try pattern(1, height, width)
    /// ⟨A x, g⟩ = ⟨x, Aᵀ g⟩.
    func check(_ y: Tensor, _ backward: (Tensor) throws -> Tensor) throws {
      let weights = try Tensor((0..<y.count).map { Float($0 * 31 % 17) / 17 }, shape: y.shape)
      let (a, b) = (product(y, weights), product(x, try backward(weights)))
      #expect(abs(a - b) <= 1e-5 * max(1, abs(a)))
    }
    for method in ResizeMethod.allCases {
      for (h, w) in [(2, 3), (33, 18), (height, width), (height, 2 * width)] {
        let resizer = Resizer(method)
        try check(resizer.resize(x, height: h, width: w)) {
          try resizer.resizeBackward($0, height: height, width: width)
        }
        try check(resizer.lowres(x, height: h, width: w, clamped: false)) {
          try resizer.lowresBackward(x, $0, height: h, width: w, clamped: false)
        }
      }
    }
    for sigma in [0.3, 2, 30] {
      try check(Filters.blur(x, sigma: sigma)) { try Filters.blurBackward($0, sigma: sigma) }
    }
    for isBilinear in [true, false] {
      let map = AffineMap(
        width: width, height: height, degrees: -33, shift: (1, 2), scale: 0.8, shear: (5, 9))
      try check(map.warp(x, bilinearly: isBilinear)) {
        try map.warpBackward($0, bilinearly: isBilinear)
      }
    }
  }
}
