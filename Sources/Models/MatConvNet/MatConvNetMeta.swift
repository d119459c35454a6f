import Formats
import Host
import Tensors

/// What `meta.normalization` of a MatConvNet network says about its images, and `meta.classes` about
/// its outputs.
struct MatConvNetMeta {
  /// `meta`, or the network itself in older files.
  private let normalization: MATField?
  private let classField: MATField?

  /// Takes the network's struct.
  init(_ net: MATField) throws {
    let meta = try net.optional("meta")
    normalization = try meta?.optional("normalization") ?? net.optional("normalization")
    classField = try meta?.optional("classes") ?? net.optional("classes")
  }

  /// The layer that scales images of 0..1 to MatConvNet's 0..255 and subtracts the average image; nil
  /// if the file has none. `channels` are those of the first convolution.
  func inputLayer(channels: Int?) throws -> Normalize? {
    guard let image = try normalization?.optional("averageImage") else { return nil }
    let sizes = try image.sizes
    let count = sizes.reduce(1, *)
    let channels = channels ?? sizes.dropFirst(2).first ?? 1
    let isPerChannel = count == channels && sizes.filter({ $0 != 1 }).count <= 1
    let deviation = [Float](repeating: 1 / 255, count: channels)
    if isPerChannel || count == 1 {
      let means = try image.floats(shape: [count]).array(Float.self).map { $0 / 255 }
      return try Normalize(
        mean: count == 1 ? [Float](repeating: means[0], count: channels) : means,
        deviation: deviation)
    }
    let (height, width) = (sizes[0], sizes.dropFirst().first ?? 1)
    guard sizes.count <= 3, (sizes.dropFirst(2).first ?? 1) == channels else {
      throw image.wrong(
        "an average image of \(sizes) does not fit a network for \(channels) "
          + "\(channels == 1 ? "channel" : "channels")")
    }
    // In the order of the file the axes are [c, w, h].
    let means = try image.floats(shape: [channels, width, height]).transposed([0, 2, 1])
    return try Normalize(
      mean: means.array(Float.self).map { $0 / 255 }, deviation: deviation,
      imageShape: [channels, height, width])
  }

  /// The shape of the images, as far as the file says it.
  func imageShape(channels: Int?) throws -> [Int]? {
    guard let size = try normalization?.optional("imageSize"), let channels else { return nil }
    let sides = try size.numbers.prefix(2).compactMap { Int(exactly: $0) }
    guard sides.count == 2, sides.allSatisfy({ (1...65536).contains($0) }) else {
      throw size.wrong("wants the height and width of images, got \(try size.numbers)")
    }
    return [channels] + sides
  }

  /// The names of the classes: their descriptions, or what identifies them.
  func classes() throws -> (names: [String], path: String)? {
    guard let classField else { return nil }
    guard case .structs = classField.value else { return (try classField.texts, classField.path) }
    guard
      let names = try classField.optional("description") ?? classField.optional("name")
    else { return nil }
    return (try names.texts, names.path)
  }
}
