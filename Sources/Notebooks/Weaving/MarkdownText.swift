import Formats
import Glibc
import Host

/// Markdown as HTML, by cmark-gfm, which is loaded when it is needed. HTML in the text is left out.
public struct MarkdownText {
  private typealias Make = @convention(c) (Int32) -> OpaquePointer?
  private typealias Find = @convention(c) (UnsafePointer<CChar>) -> OpaquePointer?
  private typealias Attach = @convention(c) (OpaquePointer, OpaquePointer) -> Int32
  private typealias Feed = @convention(c) (OpaquePointer, UnsafePointer<CChar>, Int) -> Void
  private typealias Take = @convention(c) (OpaquePointer) -> OpaquePointer?
  private typealias Render =
    @convention(c) (OpaquePointer, Int32, OpaquePointer?) -> UnsafeMutablePointer<CChar>?
  private typealias Free = @convention(c) (OpaquePointer) -> Void

  private let make: Make
  private let find: Find
  private let attach: Attach
  private let feed: Feed
  private let finish: Take
  private let extensions: Take
  private let render: Render
  private let freeNode: Free
  private let freeParser: Free

  /// The library and its Debian package.
  public static let library = (name: "cmark-gfm", package: "libcmark-gfm-extensions0.29.0.gfm.6")

  /// Loads the library. Throws `library` if it is not installed.
  public init() throws {
    func load(_ name: String) throws -> SharedLibrary {
      try SharedLibrary(
        "\(name).so.0.29.0.gfm.6", called: MarkdownText.library.name,
        package: MarkdownText.library.package, for: "notebook: a page with prose")
    }
    let core = try load("libcmark-gfm")
    let more = try load("libcmark-gfm-extensions")
    make = try core.function("cmark_parser_new", as: Make.self)
    find = try core.function("cmark_find_syntax_extension", as: Find.self)
    attach = try core.function("cmark_parser_attach_syntax_extension", as: Attach.self)
    feed = try core.function("cmark_parser_feed", as: Feed.self)
    finish = try core.function("cmark_parser_finish", as: Take.self)
    extensions = try core.function("cmark_parser_get_syntax_extensions", as: Take.self)
    render = try core.function("cmark_render_html", as: Render.self)
    freeNode = try core.function("cmark_node_free", as: Free.self)
    freeParser = try core.function("cmark_parser_free", as: Free.self)
    try more.function(
      "cmark_gfm_core_extensions_ensure_registered", as: (@convention(c) () -> Void).self)()
  }

  /// Valid UTF-8, and footnotes.
  private static let options: Int32 = 1 << 9 | 1 << 13

  /// Returns the HTML of a text.
  public func html(_ text: String) -> String {
    guard let parser = make(MarkdownText.options) else { return "" }
    defer { freeParser(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
      if let found = find(name) { _ = attach(parser, found) }
    }
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        if let start = chars.baseAddress { feed(parser, start, chars.count) }
      }
    }
    guard let document = finish(parser) else { return "" }
    defer { freeNode(document) }
    guard let html = render(document, MarkdownText.options, extensions(parser)) else { return "" }
    defer { free(html) }
    return String(cString: html)
  }
}
