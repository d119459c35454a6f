import EdgeTraining
import Formats
import Host
import Images

/// The photographs and segmentations of BSDS500, in `images` and `groundTruth`, each with a folder
/// for each split.
struct BSDS {
  let root: String
  let host: any Host

  /// Returns the examples of a split in the order of their names; only the first `most` of them.
  func examples(_ split: String, most: Int = .max) throws -> [(name: String, example: EdgeExample)]
  {
    let names = try host.list("\(root)/images/\(split)").filter { $0.hasSuffix(".jpg") }
    return try names.prefix(most).map { file in
      let name = String(file.dropLast(4))
      let path = "\(root)/images/\(split)/\(file)"
      let image = try ImageFile.decode(host.read(path), name: path)
      let truth = "\(root)/groundTruth/\(split)/\(name).mat"
      return (
        name,
        try EdgeExample(
          image: image,
          segmentations: segmentations(truth, height: image.shape[1], width: image.shape[2]),
          name: name)
      )
    }
  }

  private func segmentations(_ path: String, height: Int, width: Int) throws
    -> [EdgeExample.Segmentation]
  {
    func unexpected(_ what: String) -> Failure {
      Failure("edges-example", "\(path): \(what)")
    }
    guard case .cells(let people) = try MATFile(path, host: host).variable("groundTruth") else {
      throw unexpected("groundTruth is not a cell array")
    }
    return try people.values.map { person in
      guard case .structs(let fields) = person,
        case .numbers(let labels)? = fields["Segmentation"]?.first,
        case .numbers(let boundary)? = fields["Boundaries"]?.first,
        labels.shape == [height, width], boundary.shape == [height, width]
      else {
        throw unexpected("a cell has no Segmentation and Boundaries of \(height) x \(width)")
      }
      let segments = try labels.tensor(what: path).doubles.map { label in
        guard let segment = UInt16(exactly: label) else {
          throw unexpected("a segment is numbered \(label)")
        }
        return segment
      }
      return EdgeExample.Segmentation(
        labels: segments,
        isBoundary: try boundary.tensor(what: path).doubles.map { $0 > 0 })
    }
  }
}
