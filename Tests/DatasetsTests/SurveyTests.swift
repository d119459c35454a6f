import Tensors
import Testing

@testable import Datasets

struct SurveyTests {
  @Test func meansAndDeviationsAreThoseOfAllPixels() throws {
    // Two channels of 200 x 200: bytes i mod 251, and the same in float32.
    let bytes = (0..<2 * 80_000).map { UInt8($0 % 251) }
    let whole = try Tensor(bytes, shape: [2, 2, 200, 200])
    let view = try Dataset.fromTensors(images: whole, labels: [0, 1]).splits[0].view
    let floats = try Dataset.fromTensors(
      images: Tensor(bytes.map { Float($0) / 255 }, shape: [2, 2, 200, 200]), labels: [0, 1]
    ).splits[0].view
    let (a, b) = (try Survey(view), try Survey(floats))
    for c in 0..<2 {
      var channel: [Double] = []
      for start in [c * 40_000, (2 + c) * 40_000] {
        channel += bytes[start..<start + 40_000].map { Double($0) / 255 }
      }
      let mean: Double = channel.reduce(0, +) / 80_000
      let variance: Double = channel.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 80_000
      #expect(abs(a.means[c] - mean) < 1e-12 && abs(b.means[c] - mean) < 1e-6)
      #expect(abs(a.deviations[c] - variance.squareRoot()) < 1e-9)
      #expect(abs(b.deviations[c] - variance.squareRoot()) < 1e-6)
    }
    #expect(a.heights == 200...200 && a.widths == 200...200 && a.boxCount == 0)
  }

  @Test func numbersThatAreNoImagesHaveNoChannels() throws {
    let view = try Dataset.fromTensors(images: Tensor(zeros: [3, 7]), labels: [0, 1, 0]).splits[0]
      .view
    let survey = try Survey(view)
    #expect(survey.means.isEmpty && survey.heights == nil && survey.unreadable.isEmpty)
  }

  @Test func numbersThatAreNoneAreWarnedOf() throws {
    let images = try Tensor([0.5, 0.5, .nan, 1, .infinity, 0] as [Float], shape: [3, 1, 1, 2])
    let data = try Dataset.fromTensors(images: images, labels: [0, 1, 0])
    let survey = try Survey(data.splits[0].view)
    #expect(survey.notFinite == [1, 2] && survey.means == [0.5])
    #expect(
      try data.description(pixels: true).contains(
        "warning: 2 records hold NaN or infinite numbers, left out of the means: 1; 2"))
  }
}
