import Formats

/// The rows of one training: a row after each step, and one after each epoch, at the number of
/// steps done.
final class MetricSeries {
  private let log: MetricsLog
  private let label: String
  private let events: EventSeries

  /// Creates a series of a log. A label that another series of the run has is given a number.
  init(_ label: String, in log: MetricsLog) {
    self.log = log
    self.label = log.unique(label)
    events = log.events(self.label)
  }

  /// Adds a row; `epoch` makes it one of an epoch.
  func add(_ values: [(name: String, value: Double)], step: Int, epoch: Int?) {
    log.attempt {
      if !events.isOpen { try open(step: step, isEpoch: epoch != nil) }
      let kind = epoch == nil ? "step" : "epoch"
      events.add(.scalars(values.map { ("\(kind)/\($0.name)", $0.value) }), step: step)
      let time = (log.host.now() * 1000).rounded() / 1000
      let head: [(String, JSON)] =
        [("label", .string(label)), ("step", .number(Double(step)))]
        + (epoch.map { [("epoch", .number(Double($0)))] } ?? []) + [("time", .number(time))]
      log.add(JSON.object(head + values.map { ($0.name, .number($0.value)) }).text)
    }
  }

  /// Opens the event file before the first row. What an earlier process wrote and this one will
  /// write again is removed.
  private func open(step: Int, isEpoch: Bool) throws {
    guard log.isResumed else { return try events.open(at: step) }
    let prefix = "{\"label\":\(JSON.string(label).text),\"step\":"
    var last: Substring?
    try log.remove { line in
      guard line.hasPrefix(prefix) else { return false }
      let rest = line.dropFirst(prefix.count)
      guard let number = Int(rest.prefix { $0 != "," }) else { return false }
      // The row of an epoch follows that of its last step.
      let isLastStep = isEpoch && number == step && !rest.contains(",\"epoch\":")
      if isLastStep { last = line }
      return number >= step && !isLastStep
    }
    try events.open(at: step)
    // Readers discard the row of the last step too, which is not written again.
    guard let last, let row = try? JSON(parsing: Array(last.utf8), what: "row") else { return }
    let values = row.entries.dropFirst(3).map { ("step/\($0.name)", $0.value.number ?? .nan) }
    events.add(.scalars(values), step: step)
  }
}
