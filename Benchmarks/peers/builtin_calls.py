"""What a call of a builtin takes compared with a similar call of Lua 5.4:

    python3 builtin_calls.py LIMBECK [LUA]

Each call is made a million times in a loop. The processor time of the loop with something in the call's place is
taken off; the least of five runs in turn counts. The calls are not the same work in both, only what a user would write.
"""
import pathlib
import resource
import subprocess
import sys
import tempfile

# The call in both languages, and what takes its place to know the loop's own time.
CALLS = [
    ("t += round(i / 3)", "t = t + math.floor(i / 3 + 0.5)", "t += i / 3", "t = t + i / 3"),
    ("t += floor(i / 3)", "t = t + math.floor(i / 3)", "t += i / 3", "t = t + i / 3"),
    ("t += maximum(i, 5)", "t = t + math.max(i, 5)", "t += i", "t = t + i"),
    ("if isnan(i) { t += 1 }", 'if math.type(i) == "float" then t = t + 1 end', "if i < 0 { t += 1 }",
     "if i < 0 then t = t + 1 end"),
    ('if type(i) == "number" { t += 1 }', 'if type(i) == "number" then t = t + 1 end', 'if s == "number" { t += 1 }',
     'if s == "number" then t = t + 1 end'),
    ('t += num("12")', 't = t + tonumber("12")', "t += 12", "t = t + 12"),
    ("t += len(str(i))", "t = t + #tostring(i)", "t += len(s)", "t = t + #s"),
    ("t += get(xs, 1, 0)", "t = t + rawget(xs, 1)", "t += 1", "t = t + 1"),
    ("if has(m, s) { t += 1 }", "if rawget(m, s) then t = t + 1 end", 'if s == "m" { t += 1 }',
     'if s == "m" then t = t + 1 end'),
    ('if startswith(s, "pl") { t += 1 }', 'if string.find(s, "pl", 1, true) == 1 then t = t + 1 end',
     'if s == "pl" { t += 1 }', 'if s == "pl" then t = t + 1 end'),
    ('t += find(s, "m")', 't = t + string.find(s, "m", 1, true)', "t += 3", "t = t + 3"),
    ("t += len(upper(s))", "t = t + #string.upper(s)", "t += len(s)", "t = t + #s"),
    ("t += len(lower(s))", "t = t + #string.lower(s)", "t += len(s)", "t = t + #s"),
    ("t += len(s.upper())", "t = t + #s:upper()", "t += len(s)", "t = t + #s"),
    ('t += s.find("m")', 't = t + s:find("m", 1, true)', "t += 3", "t = t + 3"),
    ("t += len(s[1..3])", "t = t + #s:sub(2, 3)", "t += len(s)", "t = t + #s"),
    ('t += len(replace(s, "u", "oo"))', 't = t + #s:gsub("u", "oo")', "t += len(s)", "t = t + #s"),
    ("t += len(trim(s))", 't = t + #s:match("^%s*(.-)%s*$")', "t += len(s)", "t = t + #s"),
]

limbeck = sys.argv[1]
lua = sys.argv[2] if len(sys.argv) > 2 else "lua5.4"


def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def ours(body):
        path = folder / "a.lbk"
        path.write_text(f'let t = 0\nlet s = "plumage"\nlet xs = [3, 1, 2]\nlet m = {{plumage: 1}}\n'
                        f"for i in 0..1000000 {{ {body} }}\nprint(t)\n")
        return seconds([limbeck, "run", "--no-record", path])

    def theirs(body):
        path = folder / "a.lua"
        path.write_text(f'local t, s, xs, m = 0, "plumage", {{3, 1, 2}}, {{plumage = 1}}\n'
                        f"for i = 0, 999999 do {body} end\nprint(t)\n")
        return seconds([lua, path])

    for call, peer, own_place, peer_place in CALLS:
        runs = [(ours(call), ours(own_place), theirs(peer), theirs(peer_place)) for _ in range(5)]
        a, b, c, d = (1000 * min(times) for times in zip(*runs))
        print(f"{call:34} {a - b:6.1f} ns   Lua {c - d:6.1f} ns   {(a - b) / max(c - d, 1):5.2f}", flush=True)
