import Datasets
import Host
import Images
import Language
import Tensors

/// `map_images`.
func mapTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "map_images", library, "Puts each image through a function.",
      details: """
        The function gets an image [c, h, w], float32 in 0..1, and gives another. Nobody can tell what \
        a function does, so its results are kept only if `key` names it; give another key when the \
        function changes.
        """,
      [
        .required("fn", .callable, "the function of an image"),
        .optional("key", .string, .nil, "the function's name among what is kept", namedOnly: true),
      ],
      examples: [Example("map_images(zeros(2, 1, 2, 2), x -> x + 1).mean()", "1")]
    ) { call in
      let (function, machine) = (call["fn"], call.machine)
      return Transforms.map(key: call.isNil("key") ? nil : try call.string("key")) { image in
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
