import Host

/// One of CUB's text files: each line starts with a number, followed by fields separated by spaces.
/// The last field may contain spaces.
struct NumberedList {
  struct Row {
    let line: Int
    let id: Int
    let texts: [String]
  }

  let path: String
  let rows: [Row]
  private let name: String
  private let places: [Int: Int]
  var count: Int { rows.count }

  /// Reads a file of a data set. `form` describes a line, for errors; the number is followed by
  /// `fields` fields. With `repeats` a number may have several lines. `hint` is the hint of the
  /// error if the file does not exist. Throws `layout` and the host's errors.
  init(
    _ root: String, _ name: String, _ form: String, fields: Int, repeats: Bool = false,
    hint: String? = nil, _ host: Host
  ) throws {
    self.name = name
    path = root + "/" + name
    guard host.kind(of: path) == .file else {
      throw Failure("layout", "cub: the file \"\(path)\" does not exist", hint: hint)
    }
    var rows: [Row] = []
    var places: [Int: Int] = [:]
    let text = try host.readText(path)
    var line = 0
    for raw in text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
      line += 1
      let bytes = raw.last == 13 ? raw.dropLast() : raw
      if bytes.allSatisfy({ $0 == 32 || $0 == 9 }) { continue }
      let parts = bytes.split(separator: 32, maxSplits: fields).map { part in
        // The last field extends to the end of the line, without trailing spaces.
        String(decoding: part, as: UTF8.self)
      }
      guard parts.count == fields + 1, let id = Int(parts[0]) else {
        throw Failure(
          "layout",
          "cub: \(path), line \(line): a line must be \"\(form)\", got \"\(NumberedList.brief(raw))\""
        )
      }
      if let other = places[id], !repeats {
        throw Failure(
          "layout",
          "cub: \(path), line \(line): \(id) has already appeared, in line \(rows[other].line)")
      }
      places[id] = rows.count
      rows.append(Row(line: line, id: id, texts: Array(parts.dropFirst())))
    }
    self.rows = rows
    self.places = places
  }

  /// The position of a number in the list.
  func index(_ id: Int) -> Int? { places[id] }

  /// Throws `layout` unless both lists have the same numbers in the same order.
  func matches(_ images: NumberedList) throws {
    if let i = (0..<min(count, images.count)).first(where: { rows[$0].id != images.rows[$0].id }) {
      throw Failure(
        "layout",
        "cub: \(name) and images.txt disagree: line \(rows[i].line) of \(name) is about image "
          + "\(rows[i].id), line \(images.rows[i].line) of images.txt about image \(images.rows[i].id)"
      )
    }
    guard count == images.count else {
      throw Failure(
        "layout",
        "cub: \(name) and images.txt disagree: \(path) has \(count) images, images.txt \(images.count)",
        hint: "one of them is incomplete: unpack CUB_200_2011.tgz again")
    }
  }

  func wrong(_ row: Row, _ what: String, hint: String? = nil) -> Failure {
    Failure("layout", "cub: \(path), line \(row.line): \(what)", hint: hint)
  }

  func whole(_ row: Row, _ field: Int) throws -> Int {
    guard let number = Int(row.texts[field]) else {
      throw wrong(
        row, "\"\(row.texts[field])\" is not a whole number", hint: FileOptions.skipping)
    }
    return number
  }

  func number(_ row: Row, _ field: Int) throws -> Double {
    guard let number = Double(row.texts[field]), number.isFinite else {
      throw wrong(
        row, "\"\(row.texts[field])\" is not a number", hint: FileOptions.skipping)
    }
    return number
  }

  private static func brief(_ line: Substring.UTF8View) -> String {
    let text = String(decoding: line.prefix(60), as: UTF8.self)
    return line.count > 60 ? text + "..." : text
  }
}
