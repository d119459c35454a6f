extension Parameter {
  /// As a signature shows it: `x`, `stride = 1`, `shape...`; named-only ones with a colon.
  public var written: String {
    if isRest { return "\(name)..." }
    guard let fallback else { return name }
    return isNamedOnly ? "\(name): \(fallback.brief)" : "\(name) = \(fallback.brief)"
  }
}

extension Builtin {
  /// The call as help and the documentation show it: `max_pool(x, size, stride = nil)`.
  public var signature: String {
    "\(name)(\(parameters.map(\.written).joined(separator: ", ")))"
  }

  /// What is wrong with the declaration by the house's rules; empty if nothing is.
  public var faults: [String] {
    var found: [String] = []
    func sentence(_ text: String, _ what: String) {
      if text.isEmpty || !text.hasSuffix(".") || text.contains("\n") {
        found.append("\(name): \(what) must be one line that ends with a full stop")
      }
      if let first = text.first, first.isLowercase && first.isASCII {
        found.append("\(name): \(what) must begin with a capital")
      }
    }
    sentence(summary, "the summary")
    if result.isEmpty { found.append("\(name): no result") }
    if examples.isEmpty { found.append("\(name): no example") }
    for parameter in parameters {
      if parameter.about.isEmpty {
        found.append("\(name): parameter \(parameter.name) is not explained")
      }
      if let value = parameter.fallback, !parameter.type.accepts(value) {
        found.append("\(name): the default of \(parameter.name) is not a \(parameter.type.name)")
      }
    }
    return found
  }
}
