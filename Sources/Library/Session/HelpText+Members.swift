import Language

/// What help says of what stands after a dot.
extension HelpText {
  /// A kind of value: a sentence on it, its members and its methods.
  static func kindPage(_ kind: Kind, methods: [String], columns: Int) -> String {
    let text = wrapped("\(kind.name): \(kind.about)", columns, first: "", indent: 2) + "\n"
    let members = members(kind.members.map { ($0.name, $0) }, methods: methods, columns: columns)
    return members.isEmpty ? text : "\(text)\n\(members)"
  }

  /// A member by itself.
  static func member(_ member: Member, of kind: String, columns: Int) -> String {
    wrapped("\(kind).\(member.name): \(sentence(on: member))", columns, first: "", indent: 2) + "\n"
  }

  /// Members, one a line with what is known of them, then the methods' names; empty without any.
  static func members(_ members: [(name: String, about: Member?)], methods: [String], columns: Int)
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

  private static func sentence(on member: Member) -> String {
    "\(member.about) (\(member.result)\(member.isSettable ? "; can be set" : ""))"
  }
}
