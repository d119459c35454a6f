import Datasets
import Host
import Images
import Language
import Pictures
import Tensors

/// The pictures of a contact sheet, with the classes and boxes of those that are records.
struct Sheet {
  /// The maximum number of pictures.
  static let most = 10_000
  /// The error that there are more.
  static let tooMany = Failure(
    "argument", "grid: there are more than \(most) pictures",
    hint: "draw some of them: subset(d, 100)")

  private(set) var tiles: [Tile] = []
  private var labels: [String] = []
  private var boxes: [Box?] = []

  /// Creates a sheet from a list of pictures, a tensor [n, c, h, w] or records; nil if an element
  /// is not a picture.
  init?(_ value: Value) throws {
    switch value {
    case .object(let object as DatasetObject):
      let view = try object.view("grid")
      guard view.count <= Sheet.most else { throw Sheet.tooMany }
      try add(view, Array(0..<view.count))
    case .object(let object as RecordObject): try add(object.view, [0])
    case .list(let list):
      for item in list.items {
        if case .object(let object as RecordObject) = item {
          try add(object.view, [0])
        } else {
          guard let tile = try Tile(item) else { return nil }
          tiles.append(tile)
          labels.append("")
          boxes.append(nil)
        }
      }
    default:
      guard let tiles = try Tile.list(value) else { return nil }
      self.tiles = tiles
    }
  }

  /// Creates a sheet from some records of a view.
  init(_ view: View, _ positions: [Int]) throws { try add(view, positions) }

  private mutating func add(_ view: View, _ positions: [Int]) throws {
    for (position, sample) in zip(positions, try view.samples(positions)) {
      tiles.append(try Tile(sample.image, on: view.scale(position)))
      labels.append(view.isLabelled ? view.classes[Int(view.label(position))] : "")
      let shape = sample.image.shape
      // A box around the whole image carries no information.
      let whole =
        shape.count < 2
        ? nil
        : Box(
          x: 0, y: 0, width: Double(shape[shape.count - 1]), height: Double(shape[shape.count - 2]))
      boxes.append(sample.box == whole ? nil : sample.box)
    }
  }

  /// Whether the sheet shows labels in addition to the pictures.
  var hasNotes: Bool { labels.contains { !$0.isEmpty } }

  /// Returns the sheet as a panel. Without `columns`, it is about one and a half times as wide as
  /// it is high.
  func panel(columns: Int? = nil) -> Panel {
    let natural = max(1, Int((Double(tiles.count) * 1.5).squareRoot().rounded(.up)))
    var panel = Panel(sheet: tiles, columns: min(columns ?? natural, tiles.count))
    if hasNotes { panel.captions = labels }
    panel.cellBoxes = boxes
    return panel
  }
}
