import Engine
import Host
import Syntax
import TestSupport
import Testing

@testable import Notebooks

/// Where notebooks are written.
@Suite struct NotebookWriterTests {
  private let temporary = TemporaryFolder()
  private let host = SystemHost()

  private func file(_ name: String, _ text: String = "# %%\nline([1, 2])\n") throws -> String {
    let path = temporary.path + "/" + name
    try host.write(Array(text.utf8), to: path)
    return path
  }

  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch { return error as? Failure }
  }

  @Test("the file that a notebook is read from is not replaced, however it is named")
  func same() throws {
    let path = try file("x.lbk")
    for other in [path, temporary.path + "/./x.lbk", temporary.path + "//x.lbk"] {
      let failure = failure { _ = try NotebookWriter(.lbk, of: path, to: other, host: host) }
      #expect(failure?.kind == "argument" && failure?.message.contains(path) == true)
    }
    #expect(
      try NotebookWriter(.html, of: path, to: nil, host: host).path == temporary.path + "/x.html")
    #expect(
      try NotebookWriter(.markdown, of: "a.b/x.ipynb", to: nil, host: host).path == "a.b/x.md")
    #expect(try NotebookWriter(.html, of: "a.b/x", to: nil, host: host).path == "a.b/x.html")
  }

  @Test("what cannot be written is known before anything runs")
  func checks() throws {
    let path = try file("x.lbk")
    let notebook = PercentScript.notebook(Source(name: path, text: "# %%\n1\n"))
    func check(_ output: String) -> Failure? {
      failure {
        try NotebookWriter(.html, of: path, to: output, host: host).check(notebook)
      }
    }
    #expect(check(temporary.path + "/no/x.html")?.kind == "file-missing")
    #expect(check(temporary.path)?.kind == "file-is-folder")
    #expect(check(temporary.path + "/y.html") == nil)
    #expect(try host.list(temporary.path) == ["x.lbk"])
  }

  @Test("the pictures of a page in Markdown have a folder of its name, with an ending or without")
  func pictures() throws {
    let path = try file("x.lbk")
    let notebook = PercentScript.notebook(Source(name: path, text: "# %%\n1\n"))
    var result = CellResult()
    result.add(.display(try DisplayForms(Display("a"), pngOfAll: false), isSaved: false))
    for (name, folder) in [("out", "out_files"), ("o.u/t.md", "t_files"), (".out", ".out_files")] {
      try host.makeFolder(temporary.path + "/o.u")
      var display = Display("a")
      display.png = { [1, 2, 3] }
      result.outputs = [.display(try DisplayForms(display, pngOfAll: false))]
      let output = temporary.path + "/" + name
      try NotebookWriter(.markdown, of: path, to: output, host: host).write(notebook, [result], [])
      let picture = FilePath.folder(of: output) + "/\(folder)/picture-1.png"
      #expect(host.kind(of: picture) == .file, "\(picture)")
    }
  }

  @Test("an error of a file of Jupyter's names the cell and the line in it")
  func places() throws {
    let path = try file(
      "x.ipynb",
      """
      {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
       {"cell_type": "markdown", "metadata": {}, "source": "# T"},
       {"cell_type": "code", "metadata": {}, "outputs": [], "source": "let a = 1\\na + b"}]}
      """)
    let source = try NotebookFiles.source(path, host: host)
    let offset = source.text.utf8.count - 2
    #expect(Place(source, Span(offset, offset + 1)).text == "\(path) (cell 2):2:5")
  }
}
