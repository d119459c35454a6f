import Gradients
import Language
import Tensors

private let images = Argument("x", .tensor, "images [n, c, h, w]")
private let grid = Argument("grid", .tensor, "places [n, rows, columns, 2], each (x, y)")
private let outside = Argument(
  "padding", ArgumentType<SamplePadding>.choice, default: "zeros", "what is read outside the image",
  named: true)
private let aligned = Argument(
  "align_corners", .bool, default: false,
  "whether -1 and 1 are the centres of the corner pixels, and not their outer edges", named: true)
private let maps = Argument("theta", .tensor, "affine maps [n, 2, 3]")
private let size = Argument("size", .sides, "the rows and columns of the grid", unit: "pixels")
private let weights = Argument("w", .tensor, "weights [c, out / groups, h, w]")
private let bias = Argument("b", .optional(.tensor), "a bias [out]")

/// The builtins that read images at any place, and the transposed convolution.
func samplingOperations(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "grid_sample", "Reads images bilinearly at the places of a grid.",
      details: """
        A place is (x, y), from -1 at the left and the top to 1 at the right and the bottom. The gradient \
        goes to the images and to the grid.
        """,
      searchTerms: ["spatial transformer", "warp", "bilinear", "interpolation"],
      [images, grid, outside, aligned], result: "tensor [n, c, rows, columns]",
      examples: [
        Example(
          "grid_sample(arange(4).reshape(1, 1, 2, 2), zeros(1, 1, 1, 2)).item()", "1.5"),
        Example(
          "let x = arange(9).reshape(1, 1, 3, 3)\nlet same = tensor([[[1, 0, 0], [0, 1, 0]]])\nmax(abs(grid_sample(x, affine_grid(same, 3)) - x)) < 1e-5",
          "true"),
      ], methodOf: ["tensor"]
    ) { call in
      Value(
        try call[images].gridSample(
          call[grid], padding: call[outside], alignsCorners: call[aligned]))
    },
    Builtin(
      "affine_grid", "Makes the grids of `grid_sample` from affine maps.",
      details: """
        Each place (x, y) of the result reads at theta @ (x, y, 1): a third column of (0.5, 0) shows the \
        image a quarter of its width further to the left.
        """,
      searchTerms: ["spatial transformer", "rotate", "translate", "warp"], [maps, size, aligned],
      result: "tensor [n, rows, columns, 2]",
      examples: [
        Example("affine_grid(tensor([[[1, 0, 0], [0, 1, 0]]]), [4, 6]).shape", "[1, 4, 6, 2]")
      ], methodOf: ["tensor"]
    ) { call in
      Value(try call[maps].affineGrid(size: call[size], alignsCorners: call[aligned]))
    },
    Builtin(
      "conv_transpose2d", "Computes the transposed convolution of images with weights.",
      details: """
        It is the gradient of `conv2d` with respect to its images, and makes them larger by the stride. \
        A side is (h - 1) stride - padding + window + extra; with "same" it is h stride. \
        `conv_transpose` makes a layer with weights of its own.
        """,
      searchTerms: ["deconvolution", "ConvTranspose2d", "upsampling", "decoder"],
      [
        images, weights, bias, WindowArguments.stride, WindowArguments.padding,
        WindowArguments.groups, WindowArguments.extra, WindowArguments.dilation,
      ], result: "tensor [n, out, rows, columns]",
      examples: [
        Example(
          "conv_transpose2d(ones(1, 1, 2, 2), ones(1, 1, 2, 2), stride: 2).shape", "[1, 1, 4, 4]"),
        Example(
          "conv_transpose2d(ones(1, 1, 2, 2), ones(1, 1, 2, 2))[0, 0]",
          "tensor [3, 3] float32\n[[1, 2, 1],\n [2, 4, 2],\n [1, 2, 1]]"),
      ], methodOf: ["tensor"]
    ) { call in
      Value(
        try call[images].convTranspose2d(
          call[weights].dilated(by: call[WindowArguments.dilation]), bias: call[bias],
          window: call.window(), extra: call[WindowArguments.extra],
          groups: call[WindowArguments.groups]))
    },
  ]
}
