"""Looks at the pages of notebooks in Chromium.

    python page_in_browser.py LIMBECK NOTEBOOK... [--pictures FOLDER]

In light and dark, on a screen and on a phone: text has a contrast of 4.5 or more to its background, pictures have
alternative texts, headings leave out no level, ids are unique, nothing is wider than the screen, and the page prints. Needs
playwright and Debian's chromium.
"""
import pathlib
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

limbeck, *rest = sys.argv[1:]
pictures = None
if "--pictures" in rest:
    at = rest.index("--pictures")
    pictures = pathlib.Path(rest[at + 1])
    rest = rest[:at] + rest[at + 2:]
limbeck = str(pathlib.Path(limbeck).resolve())

# Everything that a page can have: each kind of output, a failing cell, a long line, wide tables, formulas, lists.
EVERYTHING = '''# %% [markdown]
# # Everything
# Prose with `code`, *stress*, a [link](https://example.org), and $x_i$.
#
# | name | value |
# |---|---:|
# | a long name of a row of this table | 1 |
#
# ## Lists
# - one
# - two
#
# > A quotation.

# %% A title
# A comment.
let name = "text"
print(f"{name} and a long line: " + "word " * 60)
fn twice(x) { 2 * x }
[twice(1.5), true, nil]

# %%
line({a: [1, 2, 4], b: [2, 3, 3]}, title: "Lines")

# %%
table([{method: "A with a long name", accuracy: 0.25, updates: 12345678, seconds: 12.25, remark: "many words in a cell"}])

# %%
show(grid(shapes(8, size: 16)))

# %%
log(-1)

# %%
1 + "a"

# %%
print("not run")
'''

PROBE = """() => {
  const faults = [];
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const luminance = c => {
    const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3])).concat(1);
  const background = e => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    return layers.reverse().reduce((below, top) => over(top, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  let texts = 0, least = 99;
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest("svg") || ![...node.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
    const style = getComputedStyle(node);
    if (style.visibility == "hidden" || !node.getClientRects().length) continue;
    texts++;
    const below = background(node);
    const a = luminance(over(parse(style.color), below)), b = luminance(below);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    least = Math.min(least, contrast);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)} of "${node.textContent.trim().slice(0, 30)}"`);
  }
  let last = 0;
  for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = +h.tagName[1];
    if (level > last + 1) faults.push(`${h.tagName} after h${last}: ${h.textContent.slice(0, 30)}`);
    last = level;
  }
  if (!document.documentElement.lang) faults.push("the page has no language");
  if (!document.title) faults.push("the page has no title");
  const images = document.querySelectorAll("img"), charts = document.querySelectorAll("svg");
  for (const i of images) if (!i.alt.trim()) faults.push("a picture without alternative text");
  for (const s of charts) {
    if (s.getAttribute("role") != "img" || !(s.getAttribute("aria-label") || s.querySelector("title")))
      faults.push("a chart without alternative text");
  }
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  for (const id of new Set(ids)) if (ids.filter(i => i == id).length > 1) faults.push(`the id ${id} occurs twice`);
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth + 1) faults.push(`${width} px wide on a screen of ${innerWidth}`);
  return {faults, texts, least, pictures: images.length + charts.length};
}"""

failed = False
with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
    everything = pathlib.Path(folder) / "everything.lbk"
    everything.write_text(EVERYTHING)
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for notebook in [everything, *map(pathlib.Path, rest)]:
        page_file = pathlib.Path(folder) / f"{notebook.stem}.html"
        quick = [] if notebook == everything else ["--quick"]
        run = subprocess.run([limbeck, "notebook", "--output", str(page_file), str(notebook.resolve()), *quick],
                             cwd=folder, capture_output=True, text=True)
        if run.returncode != (1 if notebook == everything else 0):
            sys.exit(f"{notebook}: exit code {run.returncode}\n{run.stderr}")
        for scheme in ["light", "dark"]:
            for width in [1200, 390]:
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                outside = []
                page.on("request", lambda r: r.url.startswith(("file:", "data:")) or outside.append(r.url))
                page.goto(page_file.as_uri())
                found = page.evaluate(PROBE)
                faults = found["faults"] + [f"asks for {url}" for url in outside]
                if pictures:
                    pictures.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=str(pictures / f"{notebook.stem}-{scheme}-{width}.png"), full_page=True)
                if not page.pdf().startswith(b"%PDF"):
                    faults.append("does not print")
                page.close()
                print(f"{notebook.name}, {scheme}, {width} px: {found['texts']} texts, least contrast {found['least']:.2f}, "
                      f"{found['pictures']} pictures" + "".join(f"\n  {f}" for f in dict.fromkeys(faults)))
                failed |= bool(faults) or not found["texts"]
sys.exit(1 if failed else 0)
