import Datasets
import Language

/// `grey`.
func colourTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "grey", library, "Makes images grey: 0.299 R + 0.587 G + 0.114 B.",
      [
        .optional(
          "channels", .whole, .number(Double(Transforms.channels.standard)),
          "1, or 3 to repeat it, as networks that were trained on colour want it", namedOnly: true)
      ],
      examples: [
        Example("grey(ones(3, 4, 4)).shape", "[1, 4, 4]"),
        Example("grey(ones(1, 4, 4), channels: 3).shape", "[3, 4, 4]"),
      ]
    ) { call in
      let channels = try call.int("channels")
      guard channels == 1 || channels == 3 else { throw call.wrong("channels", "1 or 3") }
      return Transforms.grey(channels: channels)
    }
  ]
}
