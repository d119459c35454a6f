import Formats

/// The header of a script with the metadata of its notebook, in comments between two lines `# ---`, as
/// Jupytext writes it.
enum ScriptHeader {
  /// Returns the metadata, and the line behind the header; nil if the lines do not begin with one.
  static func read(_ lines: [String]) -> (metadata: JSON, end: Int)? {
    guard lines.first == "# ---", let end = lines.dropFirst().firstIndex(of: "# ---") else {
      return nil
    }
    let inner = lines[1..<end]
    guard inner.allSatisfy({ $0.hasPrefix("#") }) else { return nil }
    let texts = inner.map { String($0.dropFirst($0.hasPrefix("# ") ? 2 : 1)) }
    guard var metadata = metadata(of: texts) else { return nil }
    if written(.object(metadata)) != texts {
      metadata.append((original, .string(texts.joined(separator: "\n"))))
    }
    return (.object(metadata), end + 1)
  }

  /// The name under which the metadata have what is not below `jupyter` in the header.
  private static let root = "header"
  /// The name under which they have the header's text, if it is not the one that would be written.
  private static let original = "header_text"

  private static func metadata(of texts: [String]) -> [(String, JSON)]? {
    guard case .object(let entries)? = YAML.parse(texts) else { return nil }
    var metadata: [(String, JSON)] = []
    var others: [(String, JSON)] = []
    for (name, value) in entries {
      if name == "jupyter", case .object = value {
        metadata += JupyterFile.kept(value)
      } else {
        others.append((name, value))
      }
    }
    if !others.isEmpty { metadata.append((root, .object(others))) }
    return metadata
  }

  /// Returns the lines of a header; none if there are no metadata.
  static func lines(_ metadata: JSON) -> [String] {
    guard case .object(let entries) = metadata, !entries.isEmpty else { return [] }
    let fields = JSON.object(entries.filter { $0.0 != original })
    var texts = written(fields)
    if case .string(let text)? = metadata[original] {
      let before = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      // The metadata may have been changed elsewhere since.
      if self.metadata(of: before).map({ JSON.object($0) }) == fields { texts = before }
    }
    return (["---"] + texts + ["---"]).map { $0.isEmpty ? "#" : "# " + $0 }
  }

  private static func written(_ metadata: JSON) -> [String] {
    guard case .object(let entries) = metadata else { return [] }
    let fields = entries.filter { $0.0 != root }
    var all: [(String, JSON)] = []
    if case .object(let others)? = metadata[root] { all += others }
    if !fields.isEmpty { all.append(("jupyter", .object(fields))) }
    return all.isEmpty ? [] : YAML.lines(.object(all))
  }
}
