"""Checks 10,000 lines: `limbeck check`, compared with CPython compiling as many lines of the same program.

    python3 Benchmarks/peers/many_lines.py path/to/limbeck

Both are measured alternately, in processor time, without the start of an empty program; the least of seven rounds
counts.
"""
import os
import subprocess
import sys
import tempfile

OURS = """## Work number {n}.
fn work{n}(x, y = {n}) {{
  let xs = [x, y, {n}, sum([1, 2, 3])]
  let table = {{name: "work {n}", total: 0, items: xs}}
  for i, value in enumerate(xs) {{
    if value > i and not (value in [4, 5]) {{ table.total += value * 2 }} else {{ table.total -= 1 }}
  }}
  let shape = zeros(3, {n} % 7 + 1).reshape(-1).shape
  print f"{{table.name}}: {{table.total:.3f}} {{shape}}"
  map(xs, v -> v ^ 2 + table.total) |> sum()
}}
"""

PEER = """# Work number {n}.
def work{n}(x, y={n}):
    xs = [x, y, {n}, sum([1, 2, 3])]
    table = dict(name="work {n}", total=0, items=xs)
    for i, value in enumerate(xs):
        if value > i and not (value in [4, 5]):
            table["total"] += value * 2
        else: table["total"] -= 1
    shape = zeros(3, {n} % 7 + 1).reshape(-1).shape
    print(f"{{table['name']}}: {{table['total']:.3f}} {{shape}}")
    return sum(map(lambda v: v ** 2 + table["total"], xs))
"""


def seconds(command):
    before = os.times()
    subprocess.run(command, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(limbeck):
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, text in (("lbk", OURS), ("py", PEER)):
            count = 10_000 // text.count("\n")
            for kind, body in (("many", "".join(text.format(n=n) for n in range(count))), ("none", "")):
                files[kind, name] = f"{folder}/{kind}.{name}"
                with open(files[kind, name], "w") as file:
                    file.write(body)
        commands = {
            "lbk": lambda path: [limbeck, "check", path],
            "py": lambda path: [sys.executable, "-c", "import sys; compile(open(sys.argv[1]).read(), 'x', 'exec')", path],
        }
        best = {}
        for _ in range(7):
            for key, path in files.items():
                best[key] = min(best.get(key, 1e9), seconds(commands[key[1]](path)))
        ours, peer = (best["many", name] - best["none", name] for name in ("lbk", "py"))
        print(f"limbeck check {ours * 1000:.0f} ms, CPython's compile {peer * 1000:.0f} ms, ratio {ours / peer:.2f}")


main(sys.argv[1])
