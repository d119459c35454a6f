import Host
import Synchronization

/// A regular expression, in the dialect of Perl and Python as PCRE2 reads it. `\d`, `\w` and the
/// like go by Unicode.
public final class Pattern {
  /// Where a match is, in bytes of the text.
  public struct Match {
    /// All of it.
    public let range: Range<Int>
    /// The groups in parentheses; nil for one that took no part.
    public let groups: [Range<Int>?]
  }

  /// The library and its Debian package.
  public static let library = (name: "PCRE2", package: "libpcre2-8-0")

  /// The version of the library; nil if it can't be loaded.
  public static var libraryVersion: String? { (try? PCRE.shared.get())?.version }

  /// The expression as it was written.
  public let text: String
  /// The named groups, each with its place in `Match.groups`.
  public let names: [(name: String, group: Int)]
  private let library: PCRE
  private let code: PCRE.Address
  /// The number of groups in parentheses.
  public let groupCount: Int

  /// The most steps that a match may take from one position: a tenth of a second or less.
  private static let mostSteps: UInt32 = 4_000_000
  /// The most memory of a match, in KiB.
  private static let mostMemory: UInt32 = 1 << 18
  /// How many positions are tried before requests to stop are answered.
  private static let window = 64

  /// Compiles an expression. Throws `regular-expression`, with the place, if it is not valid, and
  /// `library` if PCRE2 is not installed.
  public init(_ text: String, ignoresCase: Bool = false) throws {
    let library = try PCRE.shared.get()
    let bytes = Array(text.utf8)
    var (error, place): (Int32, Int) = (0, 0)
    let options =
      PCREConstant.utf | PCREConstant.unicodeClasses | PCREConstant.neverHalfCharacters
      | PCREConstant.usesOffsetLimit | (ignoresCase ? PCREConstant.ignoresCase : 0)
    guard let code = library.compile(bytes, bytes.count, options, &error, &place, nil) else {
      let before = String(decoding: bytes.prefix(max(place, 0)), as: UTF8.self)
      throw Failure(
        "regular-expression",
        "the pattern \"\(text)\" is not valid at position \(before.unicodeScalars.count): "
          + library.text(of: error),
        hint: "a backslash takes a character as itself, and is written \\\\ in a string: \"\\\\(\"")
    }
    self.text = text
    self.library = library
    self.code = code
    var count: UInt32 = 0
    _ = library.information(code, PCREConstant.captureCount, &count)
    groupCount = Int(count)
    names = Pattern.names(code, library)
  }

  deinit { library.releaseCode(code) }

  private static func names(_ code: PCRE.Address, _ library: PCRE) -> [(name: String, group: Int)] {
    var (count, size): (UInt32, UInt32) = (0, 0)
    var table: UnsafePointer<UInt8>?
    _ = library.information(code, PCREConstant.nameCount, &count)
    _ = library.information(code, PCREConstant.nameEntrySize, &size)
    _ = library.information(code, PCREConstant.nameTable, &table)
    guard let table else { return [] }
    // SAFETY: the table has `count` entries of `size` bytes: the group in two, and a text that ends
    // with 0.
    let all = (0..<Int(count)).map { i -> (name: String, group: Int) in
      let entry = table + i * Int(size)
      return (
        String(
          decoding: UnsafeBufferPointer(start: entry + 2, count: Int(size) - 2)
            .prefix { $0 != 0 }, as: UTF8.self),
        (Int(entry[0]) << 8 | Int(entry[1])) - 1
      )
    }
    return all.sorted { $0.group < $1.group }
  }

  /// Calls `body` with each match in a text, from left to right, until it returns false. Matches do
  /// not overlap. Throws `regular-expression` for a match that would take too many steps or too much
  /// memory.
  public func forEachMatch(
    in text: UnsafeBufferPointer<UInt8>, _ body: (Match) throws -> Bool
  ) throws {
    guard let data = library.makeData(code, nil), let context = library.makeContext(nil) else {
      throw Failure("out-of-memory", "a pattern: there is not enough memory")
    }
    defer {
      library.releaseData(data)
      library.releaseContext(context)
    }
    _ = library.setMatchLimit(context, Pattern.mostSteps)
    _ = library.setHeapLimit(context, Pattern.mostMemory)
    var start = 0
    // After an empty match, the next one begins later or is not empty.
    var options: UInt32 = 0
    while start <= text.count {
      try Interrupt.check()
      let last = start + Pattern.window
      _ = library.setOffsetLimit(context, last)
      // The text is checked once.
      let found = library.match(
        code, text.baseAddress, text.count, start,
        options | (start > 0 ? PCREConstant.skipsUTFCheck : 0), data, context)
      if found == PCREConstant.noMatch {
        start = last + 1
        while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
        options = 0
        continue
      }
      guard found > 0 else { throw failure(found, start) }
      guard let match = match(data), match.range.lowerBound >= start else {
        throw Failure(
          "regular-expression",
          "the pattern moves the beginning of a match (\\K) to where matches cannot begin",
          hint: "\\K in a lookaround is not supported")
      }
      guard try body(match) else { return }
      start = max(match.range.upperBound, start)
      options = match.range.isEmpty ? PCREConstant.notEmptyAtStart : 0
    }
  }

  private func match(_ data: PCRE.Address) -> Match? {
    guard let offsets = library.offsets(data) else { return nil }
    // SAFETY: the data were made for the pattern, with a pair of offsets for all of it and for each
    // group.
    func range(_ i: Int) -> Range<Int>? {
      let (low, high) = (offsets[2 * i], offsets[2 * i + 1])
      return low >= 0 && low <= high ? low..<high : nil
    }
    guard let whole = range(0) else { return nil }
    return Match(range: whole, groups: (0..<groupCount).map { range($0 + 1) })
  }

  private func failure(_ error: Int32, _ start: Int) -> Failure {
    switch error {
    case PCREConstant.tooManySteps, PCREConstant.tooMuchMemory:
      return Failure(
        "regular-expression",
        "the pattern \"\(text)\" takes too long: it can match the text in too many ways",
        hint:
          "a repetition in a repetition, as in (a+)+, is what makes them many; (?>a+)+ tries one")
    default:
      return Failure("regular-expression", "the pattern \"\(text)\": \(library.text(of: error))")
    }
  }
}

extension Pattern {
  private struct Key: Hashable {
    let text: String
    let ignoresCase: Bool
  }
  private static let known = Mutex<[Key: Known]>([:])
  // SAFETY: a compiled pattern is only read.
  private struct Known: @unchecked Sendable {
    let pattern: Pattern
  }

  /// The compiled form of an expression, which is kept for the next call.
  public static func compiled(_ text: String, ignoresCase: Bool) throws -> Pattern {
    let key = Key(text: text, ignoresCase: ignoresCase)
    if let pattern = known.withLock({ $0[key] })?.pattern { return pattern }
    let known = Known(pattern: try Pattern(text, ignoresCase: ignoresCase))
    Pattern.known.withLock {
      if $0.count >= 64 { $0 = [:] }
      $0[key] = known
    }
    return known.pattern
  }
}
