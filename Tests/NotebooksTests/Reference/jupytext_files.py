"""Compares limbeck's conversion of notebooks with Jupytext's (1.19.6), which knows percent scripts as .py files.

    python jupytext_files.py LIMBECK

A notebook of Jupyter's becomes a script and a notebook again, with both programs and with each reading what the
other wrote. All must keep what Jupytext keeps: types, sources, titles, tags and other metadata.
"""
import pathlib
import subprocess
import sys
import tempfile

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

limbeck = str(pathlib.Path(sys.argv[1]).resolve())
forgotten = {"lines_to_next_cell", "unmarked", "collapsed"}


def convert(path, form):
    out = path.with_name(path.stem + "-converted." + form)
    subprocess.run([limbeck, "notebook", "--no-run", "--to", form, "--output", out, path],
                   check=True, stdout=subprocess.DEVNULL)
    return out


def content(notebook):
    kernel = notebook.metadata.get("kernelspec")
    return kernel, [
        (cell.cell_type, cell.source.rstrip("\n"), {k: v for k, v in cell.metadata.items() if k not in forgotten})
        for cell in notebook.cells
    ]


notebook = new_notebook(metadata={
    "kernelspec": {"display_name": "Other (1.0)", "language": "python", "name": "other"},
}, cells=[
    new_markdown_cell("# Title\n\nText with `code`, $x_1$ and\n\n- a list\n- of two"),
    new_code_cell("x = 1\n\n\ny = 2", metadata={"tags": ["one", "two three"], "collapsed": True}),
    new_code_cell("s = \"\"\"\n# %% not a cell\n\"\"\"", metadata={"title": "A title"}),
    new_code_cell(""),
    new_code_cell("# only a comment", metadata={"title": "1 and one", "slow": True, "limit": 3.5, "none": None}),
    new_raw_cell("raw *text*", metadata={"format": "text/x"}),
    new_markdown_cell("```\n# a heading in a block\n%% not a cell\n```"),
    new_code_cell("f(1)", metadata={"deep": {"a": [1, {"b": "c"}], "d": "e f"}, "title": "Deep"}),
    new_code_cell("g(2)", metadata={"a b": [1, 2]}),
    new_markdown_cell("", metadata={"tags": []}),
    new_code_cell("last = True"),
])

wrong = []
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    first = folder / "x.ipynb"
    nbformat.write(notebook, first)
    reference = jupytext.reads(jupytext.writes(notebook, "py:percent"), "py:percent")

    script = convert(first, "lbk")
    ours = nbformat.read(convert(script, "ipynb"), 4)
    nbformat.validate(ours)
    theirs_of_ours = jupytext.reads(script.read_text(), "py:percent")
    written = folder / "theirs.lbk"
    written.write_text(jupytext.writes(notebook, "py:percent"))
    ours_of_theirs = nbformat.read(convert(written, "ipynb"), 4)

    for name, one in (("limbeck alone", ours), ("Jupytext reads limbeck's script", theirs_of_ours),
                      ("limbeck reads Jupytext's script", ours_of_theirs)):
        kernel, cells = content(one)
        expected_kernel, expected = content(reference)
        same = kernel == expected_kernel and len(cells) == len(expected)
        for a, b in zip(cells, expected):
            # Limbeck keeps some metadata that Jupytext leaves out.
            if a[:2] != b[:2] or any(name not in a[2] or a[2][name] != value for name, value in b[2].items()):
                same = False
                print(f"  limbeck  {a}\n  Jupytext {b}")
        if not same:
            wrong.append(name)
            print(f"differs: {name}: {kernel}, {len(cells)} cells of {len(expected)}")
    again = convert(folder / "x-converted-converted.ipynb", "lbk")
    if again.read_text() != script.read_text():
        wrong.append("the script changes")

    metadata = {
        "authors": [{"name": "A é", "mail": ["a@b.c", "it's"]}, {"deep": [[1, 2], [{"x": None}]]}],
        "text": "one: two\n\n  three\n", "long": "a long text, which PyYAML divides: " + "words and 'more' words " * 8,
        "date": "2026-11-30", "number": "1.5", "empty": [], "true": True,
    }
    headed = new_notebook(metadata={"jupytext": {"notebook_metadata_filter": "all"}, **metadata},
                          cells=[new_code_cell("1")])
    written = folder / "headed.lbk"
    written.write_text(jupytext.writes(headed, "py:percent"))
    back = convert(written, "ipynb")
    read = nbformat.read(back, 4).metadata
    if any(read.get(name) != value for name, value in metadata.items()):
        wrong.append(f"the header: {read}")
    if convert(back, "lbk").read_text() != written.read_text():
        wrong.append("the header's text")

    root = pathlib.Path(__file__).resolve().parents[3]
    for path in sorted((root / "notebooks").glob("*.lbk")):
        copy = folder / path.name
        copy.write_text(path.read_text())
        back = convert(convert(copy, "ipynb"), "lbk")
        if back.read_text() != path.read_text():
            wrong.append(path.name)
if wrong:
    sys.exit(f"differs: {wrong}")
print("Notebooks survive as they do with Jupytext.")
