import Language

/// The help on members.
extension HelpText {
  /// Returns the page of a kind of value: one sentence, its members and its methods.
  static func kindPage(_ kind: Kind, methods: [String], columns: Int) -> String {
    let text = wrapped("\(kind.name): \(kind.about)", columns, first: "", indent: 2) + "\n"
    let members = members(kind.members.map { ($0.name, $0) }, methods: methods, columns: columns)
    return members.isEmpty ? text : "\(text)\n\(members)"
  }

  /// Returns the help on a single member.
  static func member(_ member: AnyMember, of kind: String, columns: Int) -> String {
    wrapped("\(kind).\(member.name): \(sentence(on: member))", columns, first: "", indent: 2) + "\n"
  }

  /// Returns the members, one per line with their descriptions, followed by the names of the
  /// methods; empty if there are none.
  static func members(
    _ members: [(name: String, about: AnyMember?)], methods: [String], columns: Int
  )
    -> String
  {
    var text = ""
    let width = min(16, members.map(\.name.count).max() ?? 0)
    for (name, about) in members {
      let first = "  .\(name.padded(to: width))  "
      text +=
        about.map {
          wrapped(sentence(on: $0), columns, first: first, indent: width + 5)
        } ?? "  .\(name)"
      text += "\n"
    }
    guard !methods.isEmpty else { return text }
    if !members.isEmpty { text += "\n" }
    let calls = methods.map { ".\($0)()" }.joined(separator: " ")
    return text + wrapped(calls, columns, indent: 2) + "\n"
  }

  private static func sentence(on member: AnyMember) -> String {
    "\(member.about) (\(member.result)\(member.isSettable ? "; can be set" : ""))"
  }
}
