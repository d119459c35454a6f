import Host
import Language

private let noteText = Argument("text", .string, "the text")
private let curveValues = Argument(
  "values", .list(of: ArgumentType<Double>.number), "the numbers, oldest first")

/// An iterable that shows its progress on a line. On a terminal the line is redrawn in place a few
/// times a second. Otherwise, a line is written every half minute and one at the end.
public final class ProgressObject: HostObject {
  private let items: Value
  private let label: String
  private let turn: Int
  private let turns: Int
  private let host: Host
  private let total: Int?

  private var began: Double
  private var drawn: Double
  private var done = 0
  private var seen = 0
  private var seenAreImages = false
  private var text = ""
  private var curve = ""
  private var isFinished = false

  init(_ items: Value, label: String, turn: Int, of turns: Int, host: Host) throws {
    self.items = items
    self.label = label
    self.turn = turn
    self.turns = turns
    self.host = host
    total =
      switch items {
      case .list(let list): list.count
      case .range(let range): range.count
      case .map(let map): map.entries.count
      case .object(let object): try object.length()
      default: nil
      }
    began = host.clock() - (Entry.current?.secondsParked ?? 0)
    drawn = host.redrawsLine ? -.infinity : began
  }

  override public var typeName: String { "progress" }
  override public var summary: String { "progress: \(done) of \(total.map(String.init) ?? "?")" }
  override public func length() throws -> Int? { total }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<ProgressObject>] = [
    Member("note", "function", "`p.note(text)` sets the text at the end of the line.") {
      .object($0.noter)
    },
    Member("curve", "function", "`p.curve(values)` draws a curve of numbers on a terminal.") {
      .object($0.plotter)
    },
    Member("finish", "function", "`p.finish()` writes the line a last time.") {
      .object($0.finisher)
    },
  ]
  private var noter: Builtin {
    Builtin(
      "note", "Sets the text at the end of the line.",
      [noteText],
      examples: [Example("progress([1]).note(\"loss 0.5\")")]
    ) { [self] call in
      text = try call[noteText]
      draw()
    }
  }
  private var plotter: Builtin {
    Builtin(
      "curve", "Draws a curve of the last numbers behind the text, if the line is on a terminal.",
      [curveValues],
      examples: [Example("progress([1]).curve([3, 2, 1])")]
    ) { [self] call in curve = Sparkline.text(try call[curveValues].suffix(24)) }
  }
  private var finisher: Builtin {
    Builtin(
      "finish", "Writes the line a last time.", [],
      examples: [Example("progress([1]).finish()")]
    ) { [self] _ in finish() }
  }

  override public func iterator() throws -> (() throws -> Value?)? {
    guard let next = try items.elements() else { return nil }
    began = now
    done = 0
    seen = 0
    return { [self] in
      if done > 0 || seen > 0 { draw() }
      guard let item = try next() else {
        // A note may still follow, and `finish` with it.
        return nil
      }
      done += 1
      count(item)
      return item
    }
  }

  /// Counts the images of a batch, that is, of a list whose first item has a length, or of a batch in
  /// parts; otherwise counts the item.
  private func count(_ item: Value) {
    if case .object(let parts as BatchPartsObject) = item {
      seen += parts.recordCount
      seenAreImages = true
    } else if case .list(let list) = item, case .object(let first)? = list.items.first,
      let length = try? first.length()
    {
      seen += length
      seenAreImages = true
    } else {
      seen += 1
    }
  }

  private func draw() {
    let now = self.now
    if host.redrawsLine {
      guard now - drawn >= 0.1 else { return }
      drawn = now
      host.redraw(line(now), isLast: false)
    } else if now - drawn >= 30 {
      drawn = now
      host.report(line(now) + "\n")
    }
  }

  /// The time, in which that does not count for which the entry was paused.
  private var now: Double { host.clock() - (Entry.current?.secondsParked ?? 0) }

  private func finish() {
    guard !isFinished else { return }
    isFinished = true
    let now = self.now
    if host.redrawsLine {
      // The next turn replaces the line; that of the last turn stays.
      host.redraw(line(now), isLast: turn + 1 == turns)
    } else {
      host.report(line(now) + "\n")
    }
  }

  private func line(_ now: Double) -> String {
    var parts = label.isEmpty ? [] : [label]
    let seconds = now - began
    if let total, !isFinished {
      let share = total > 0 ? Double(done) / Double(total) : 1
      parts.append(host.redrawsLine ? bar(share) : "\(Int(share * 100)) %")
    }
    if !text.isEmpty { parts.append(text) }
    if !curve.isEmpty, host.reportIsTerminal { parts.append(curve) }
    if seconds > 0.01, seen > 0 {
      parts.append("\(rate(Double(seen) / seconds)) \(seenAreImages ? "images" : "items")/s")
    }
    if isFinished {
      parts.append(Elapsed.text(seconds))
    } else if let total, done > 0, seconds > 0.5 {
      let each = seconds / Double(done)
      let left = each * (Double(total - done) + Double(total) * Double(max(0, turns - turn - 1)))
      parts.append("\(Elapsed.text(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func bar(_ share: Double) -> String {
    let filled = Int((min(max(share, 0), 1) * 16).rounded())
    return String(repeating: "━", count: filled) + String(repeating: "╌", count: 16 - filled)
  }

  private func rate(_ x: Double) -> String {
    x >= 10 ? String(Int(min(x, 1e15))) : String((x * 10).rounded() / 10)
  }
}
