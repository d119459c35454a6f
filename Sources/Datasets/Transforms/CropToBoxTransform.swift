import Host
import Images
import Tensors

extension Transforms {
  /// `crop_to_box()`: crops to the pixels that the record's box touches.
  public static func cropToBox(margin: Double = Transforms.margin.standard) -> Transform {
    CropToBoxTransform(margin: margin)
  }
}

private struct CropToBoxTransform: Transform {
  let name = "crop_to_box"
  let keepsScale = true
  let margin: Double

  var text: String { callText(name, [Transforms.margin.text(margin)]) }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    guard let box = sample.box else { throw noBox("the image has no box") }
    return try sample.cropped(to: box, margin: margin, operation: name)
  }

  private func noBox(_ what: String) -> Failure {
    Failure(
      "no-box", "crop_to_box: \(what)",
      hint: "use records that have boxes, such as those of shapes(...)")
  }

  func settled(for dataset: Dataset) throws -> Transform {
    for split in dataset.splits where split.view.count > 0 {
      let view = split.view
      let lacksAll = (0..<view.count).allSatisfy { i in
        view.strand(i).annotation(view.record(i)).map { $0.box == nil } ?? false
      }
      if lacksAll {
        throw noBox(
          "none of the \(view.count) records" + (split.name.isEmpty ? "" : " of \(split.name)")
            + " has a box")
      }
    }
    return self
  }

  func needed(for target: LoadTarget?) -> LoadTarget? {
    target.map { LoadTarget(height: $0.height, width: $0.width, isOfBox: true) }
  }

  func shape(after shape: [Int]?) -> [Int]? {
    sized(shape, -1, -1)
  }
}
