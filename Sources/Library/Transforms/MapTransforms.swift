import Datasets
import Host
import Images
import Language
import Tensors

private let function = Argument("fn", .callable, "the function of an image")
private let key = Argument(
  "key", .optional(.string), "keeps the results, under this name", named: true)

/// `map_images`.
func mapTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "map_images", library, "Applies a function to each image.",
      details: """
        The function gets an image [c, h, w], float32 in 0..1, and gives another. Its results are kept only \
        if a `key` says that it always makes the same of the same image. They are kept under the key and the \
        function's `digest`, so another function, or one that captured something else, is never mistaken for it. \
        What it captures is taken as it is when `map_images` is called.
        """,
      searchTerms: ["lambda", "custom transform", "preprocessing"], [function, key],
      examples: [Example("map_images(zeros(2, 1, 2, 2), x -> x + 1).mean()", "1")]
    ) { call in
      let (function, key, machine) = (try call[function], try call[key], call.machine)
      return Transforms.map(
        key: key, digest: try key.map { _ in try machine.digest(of: function) }, script: function
      ) { image in
        let result = try machine.call(function, CallArguments([Value(image)]))
        guard case .object(let object as TensorObject) = result else {
          throw Failure(
            "type", "map_images: the function must give a tensor, it gave \(result.brief)")
        }
        return try Pixels.floats(object.tensor)
      }
    }
  ]
}
