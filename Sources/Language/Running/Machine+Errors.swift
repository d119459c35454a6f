import Host
import Syntax

/// The error of a run that a limit has stopped, with the place that it had reached. A script cannot
/// catch it.
public struct Stopped: Error {
  /// The error.
  public let diagnostic: Diagnostic
}

/// Errors: their place, the calls that led there, and the `try` that catches them.
extension Machine {
  /// Continues at the innermost handler above `entry` frames; if there is none, unwinds to there
  /// and throws.
  func recover(_ error: Error, _ entry: Int) throws {
    let thrown = described(error)
    if let diagnostic = thrown as? Diagnostic, let handler = handlers.last, handler.depth > entry {
      handlers.removeLast()
      unwind(to: handler.depth)
      let frame = frames[depth - 1]
      var register = frame.base + handler.floor
      let end = frame.base + frame.header.pointee.registers
      while register < end {
        register.clear()
        register += 1
      }
      (frame.base + handler.error).replace(.object(ErrorObject(diagnostic)))
      frames[depth - 1].next = handler.target
      return
    }
    if world.isDebugged, handlers.isEmpty, let diagnostic = thrown as? Diagnostic,
      (error as? Diagnostic)?.place == nil, diagnostic.kind != "out-of-memory"
    {
      endedCalls = views(isEnding: true)
    }
    unwind(to: entry)
    while let last = handlers.last, last.depth > entry { handlers.removeLast() }
    throw thrown
  }

  /// Pops frames and releases the values in their registers.
  private func unwind(to target: Int) {
    while depth > target {
      let frame = frames[depth - 1]
      depth -= 1
      if frame.isDeferred { continue }
      for i in 0..<frame.header.pointee.registers { (frame.base + i).clear() }
    }
  }

  /// An error with its place and the active calls. Anything that is neither a failure nor a
  /// diagnostic, nor the stop at a limit, is returned unchanged, such as an interrupt by Ctrl-C.
  private func described(_ error: Error) -> Error {
    if let diagnostic = error as? Diagnostic, diagnostic.place != nil { return error }
    let frame = frames[depth - 1]
    let code = frame.header.pointee.code
    var place = code.place(at: frame.next - 1)
    if let failure = error as? Failure {
      let position = frame.next - 1 - frame.header.pointee.instructions
      if let argument = failure.argument, let spans = code.tables.argumentSpans[position],
        spans.indices.contains(argument)
      {
        place = Place(code.script.source, spans[argument])
      }
      var diagnostic = Diagnostic(failure, at: callerOfStdlib ?? place, traceback: traceback())
      if failure.kind == "call" || failure.kind == "argument" {
        diagnostic.notes = code.tables.hiding[position]?.hidingNote.map { [$0] } ?? []
      }
      if callerOfStdlib != nil { diagnostic.notes.append("it arose at \(place.text)") }
      return diagnostic
    }
    if var diagnostic = error as? Diagnostic {
      diagnostic.place = place
      if diagnostic.traceback.isEmpty { diagnostic.traceback = traceback() }
      return diagnostic
    }
    if error is Interrupted, let reason = context.interrupt.stopReason {
      return Stopped(diagnostic: Diagnostic(reason, at: place, traceback: traceback()))
    }
    return error
  }

  /// Where the script called the function of stdlib that runs; nil if one of its own runs. That is
  /// the line that the script's author can change.
  private var callerOfStdlib: Place? {
    var i = depth - 1
    while i > 0, frames[i].header.pointee.code.slots.module?.isStdlib == true { i -= 1 }
    guard i < depth - 1 else { return nil }
    return frames[i].header.pointee.code.place(at: frames[i].next - 1)
  }

  /// The calls of the script's functions, innermost first. Equal calls in succession are combined
  /// into one with a count.
  private func traceback() -> [Diagnostic.Frame] {
    var calls: [(frame: Int, count: Int)] = []
    for i in stride(from: depth - 1, through: 0, by: -1) {
      guard frames[i].closure != nil, !frames[i].isDeferred else { continue }
      if let last = calls.last, i > 0, frames[i].header == frames[last.frame].header,
        frames[i - 1].next == frames[last.frame - 1].next
      {
        calls[calls.count - 1].count += 1
      } else {
        calls.append((i, 1))
      }
    }
    return calls.map { call in
      let caller = call.frame > 0 ? frames[call.frame - 1] : nil
      return Diagnostic.Frame(
        function: frames[call.frame].header.pointee.code.name,
        calledAt: caller.map { $0.header.pointee.code.place(at: $0.next - 1) }, count: call.count)
    }
  }
}
