import Engine
import FoundationEssentials

/// What a cell gave when it ran, with all that it depended on besides its key.
struct KeptCell: Codable, Sendable {
  /// What the page shows.
  let result: CellResult
  /// What is in the session afterwards.
  let part: KeptPart
  /// The files that `part` refers to.
  private let stored: [String: Data]
  /// What it asked of the world outside.
  let trace: FileTrace

  init(_ result: CellResult, _ part: KeptPart, files: [String: [UInt8]], _ trace: FileTrace) {
    (self.result, self.part, self.trace) = (result, part, trace)
    stored = files.mapValues { Data($0) }
  }

  /// The files that `part` refers to.
  var files: [String: [UInt8]] { stored.mapValues { Array($0) } }
}
