import Datasets
import Host
import Images
import Language

private let function = Argument("fn", .callable, "the function, which takes an image")
private let key = Argument(
  "key", .optional(.string), "the name under which the results are cached", named: true)

/// `map_images`.
func mapTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "map_images", library, "Applies a function to each image.",
      details: """
        The function takes an image [c, h, w], float32 in 0..1, and returns another. Its results \
        are cached only if `key` is given, which promises that the same image always gives the \
        same result. The cache uses the key and the function's `digest`, so another function, or \
        one that captured other values, is never mistaken for it. Captured values are those at the \
        time `map_images` is called.
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
            "type", "map_images: the function must return a tensor, got \(result.brief)")
        }
        return try Pixels.floats(object.tensor)
      }
    }
  ]
}
