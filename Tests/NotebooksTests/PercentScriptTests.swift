import Formats
import Syntax
import Testing

@testable import Notebooks

/// Percent scripts and Jupyter's files.
@Suite struct PercentScriptTests {
  private func notebook(_ text: String) -> Notebook {
    PercentScript.notebook(Source(name: "x.lbk", text: text))
  }

  /// Whether reading and writing give the same text, also through a file of Jupyter's.
  private func survives(_ text: String) throws -> Bool {
    let read = notebook(text)
    let file = JupyterFile.text(read)
    let again = try JupyterFile.notebook(Array(file.utf8), name: "x.ipynb")
    return PercentScript.text(read) == text && PercentScript.text(again) == text && again == read
  }

  @Test("markers begin cells of code and prose, with titles and tags")
  func cells() {
    let cells = notebook(
      """
      # %% [markdown]
      # # Title
      #
      # Text.

      # %% Numbers tags=["slow", "big"] limit=3
      let x = 1

      # %%% a = 1 b=2 c
      x
      """
    ).cells
    #expect(cells.map(\.kind) == [.markdown, .code, .code])
    #expect(cells.map(\.text) == ["# Title\n\nText.", "let x = 1", "x"])
    #expect(cells[1].title == "Numbers")
    #expect(cells[1].has(tag: "big") && !cells[1].has(tag: "small"))
    #expect(cells[1]["limit"] == .number(3))
    #expect(cells[2]["cell_depth"] == .number(1))
    #expect(cells[2].title == "a = 1" && cells[2]["b"] == .number(2) && cells[2]["c"] == .null)
  }

  @Test("a marker in a string or in a fenced block is text, and code below prose is code")
  func strings() {
    let text = """
      # %%
      let s = \"\"\"
      # %% not a cell
      \"\"\"
      let t = f\"\"\"
      # %% nor this {1 + 1}
      # %% nor this
      \"\"\"

      # %% [markdown]
      # ```
      # %% a comment of a diagram
      # ```
      let y = 2
      """
    let cells = notebook(text + "\n").cells
    #expect(cells.map(\.kind) == [.code, .markdown, .code])
    #expect(cells[0].text.contains("nor this"))
    #expect(cells[1].text == "```\n%% a comment of a diagram\n```")
    #expect(cells[2].text == "let y = 2")
    #expect(cells[2]["unmarked"] == .bool(true))
  }

  @Test(
    "a script is the same after reading and writing, also as a file of Jupyter's",
    arguments: [
      "# %%\nlet x = 1\n",
      "let a = 1\n\n# %%\nlet x = 1\n\n\n# %% Two\n\nx\n# %% Three\n\n",
      "# %% [markdown]\n# Text\n#\n# - item\n\n# %% [raw]\n# raw\n\n# %%\n",
      "# %% [md]\n# Text\nlet y = 2\n\n# %% A = b {\"a b\": [1, {\"c\": null}]}\ny\n",
      "# %% slow=true tags=[\"a\", \"b c\"] note=\"x = y\"\n1\n",
      "# ---\n# title: Kept\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n"
        + "# ---\n\n# %%\n1\n",
      "#!/usr/bin/env limbeck\n# A comment.\nlet x = 1\n\n# %% Last\n# only a comment\n",
      "# %% [markdown]\n# Text\n\n\n# %%\n1\n\n\n\n# %%\n\n\n# %% [raw]\n# r\n\n",
      "# ---\n# # A comment.\n# authors:\n# - name: A\n#   mail: [a@b, 'it''s']\n# - B\n# text: |\n#   one\n#\n#    two\n"
        + "# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n#     text_representation:\n#       extension: .py\n"
        + "#       format_version: '1.3'\n#       jupytext_version: 1.19.6\n#   kernelspec:\n#     display_name: Limbeck\n"
        + "#     language: limbeck\n#     name: limbeck\n#   widgets: {}\n# ---\n\n# %%\n1\n",
      "# %% title=\"a\\nb\" slow=true\n1\n", "# %% title=\"x [markdown]\"\n1\n",
      "", "\n\n# %%\n1\n", "# %% [markdown]\n# ```\n# %% open\n\n# %%\n1\n",
    ])
  func roundTrip(_ text: String) throws {
    if text.hasPrefix("\n") {
      // Empty lines at the start are not part of a cell.
      #expect(PercentScript.text(notebook(text)) == "# %%\n1\n")
    } else {
      #expect(try survives(text))
    }
  }

  @Test("a file of Jupyter's keeps types, sources and metadata, and says what is wrong with it")
  func jupyter() throws {
    let file = """
      {"nbformat": 4, "nbformat_minor": 2, "metadata": {"kernelspec": {"name": "python3", "display_name": "P 3"},
       "language_info": {"name": "python"}},
       "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A\\n", "b\\n", "\\n"]},
        {"cell_type": "code", "execution_count": 3, "outputs": [{"output_type": "stream"}],
         "metadata": {"tags": ["t"], "collapsed": true}, "source": "x = 1"},
        {"cell_type": "raw", "metadata": {"a b": 1}, "source": []}]}
      """
    let read = try JupyterFile.notebook(Array(file.utf8), name: "x.ipynb")
    #expect(read.cells.map(\.text) == ["# A\nb\n\n", "x = 1", ""])
    #expect(read.cells[1]["collapsed"] == nil && read.cells[1].has(tag: "t"))
    let text = PercentScript.text(read)
    #expect(text.contains("#   kernelspec:\n#     name: python3\n#     display_name: P 3\n"))
    #expect(notebook(text) == read)
    #expect(throws: (any Error).self) {
      try JupyterFile.notebook(Array("{\"nbformat\": 3}".utf8), name: "x.ipynb")
    }
  }

  @Test("any title survives in a script")
  func titles() {
    for title in [
      "a\nb", "x [markdown]", "a=1", "A b=\"c\"", " x ", "{}", "{\"a\": 1}", "plain [x",
    ] {
      let cell = Cell(.code, "1", metadata: [("title", .string(title)), ("k", .number(1))])
      let script = PercentScript.text(Notebook(cells: [cell]))
      let read = notebook(script).cells
      #expect(read.count == 1 && read[0].title == title && read[0]["k"] == .number(1), "\(script)")
    }
  }

  @Test("a header that was changed elsewhere is written anew")
  func changedHeader() {
    let text = "# ---\n# title:   Kept\n# ---\n\n# %%\n1\n"
    var read = notebook(text)
    #expect(PercentScript.text(read) == text)
    guard case .object(let entries) = read.metadata else {
      Issue.record("the header gives metadata")
      return
    }
    read.metadata = .object(entries + [("extra", .number(1))])
    #expect(
      PercentScript.text(read)
        == "# ---\n# title: Kept\n# jupyter:\n#   extra: 1\n# ---\n\n# %%\n1\n")
  }

  @Test("an indented marker is a comment")
  func indented() throws {
    let text = "# %% [markdown]\n# # T\n\n# %%\nfn f() {\n  # %% inside\n  1\n}\n"
    #expect(notebook(text).cells.count == 2)
    #expect(try survives(text))
  }
}
