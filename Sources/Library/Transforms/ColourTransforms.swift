import Datasets
import Language

/// `grey`.
func colourTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "grey", library, "Converts images to greyscale: 0.299 R + 0.587 G + 0.114 B.",
      searchTerms: ["grayscale", "luma", "rgb2gray"], [greyChannels],
      examples: [
        Example("grey(ones(3, 4, 4)).shape", "[1, 4, 4]"),
        Example("grey(ones(1, 4, 4), channels: 3).shape", "[3, 4, 4]"),
      ]
    ) { call in Transforms.grey(channels: try call[greyChannels]) }
  ]
}
