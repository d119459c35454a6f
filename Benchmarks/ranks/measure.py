"""Measures what model.lbk predicts from, and what it predicts, and writes both as JSON. Only root can do it (namespaces).

    python measure.py LIMBECK measured.json [--rounds 3] [NET:EACH ...]

Each contestant runs once a round, in turn; the least of its medians counts, as other work on the machine only adds to it.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess

here = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("limbeck", type=pathlib.Path)
parser.add_argument("output", type=pathlib.Path)
parser.add_argument("works", nargs="*", default=["small:128", "small:64", "resnet18:32", "resnet18:8"])
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
limbeck = str(options.limbeck.resolve())
environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}

links = {
    "shared memory": ["mpirun", "-n", "2", "--bind-to", "core"],
    "TCP": [str(here / "namespaces"), "20gbit"],
    "1 Gbit/s": [str(here / "namespaces"), "1gbit"],
    "100 Mbit/s": [str(here / "namespaces"), "100mbit"],
}


def script(name, *words):
    return [limbeck, "run", "--no-record", str(here / name), *map(str, words)]


def results(*commands):
    """The seconds of commands that run at the same time."""
    runs = [subprocess.Popen(c, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) for c in commands]
    found = []
    for run, command in zip(runs, commands):
        text = run.communicate()[0]
        lines = [line for line in text.splitlines() if line.startswith("{")]
        if run.returncode or not lines:
            raise SystemExit(f"{' '.join(command)}\n{text}")
        found.append(json.loads(lines[-1]))
    return found


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


jobs = {}
for work in options.works:
    net, each = work.split(":")
    step = script("step.lbk", "--net", net, "--each", each, "--count", 24 if net == "small" else 4)
    jobs[work, "alone"] = [on_core(0, step)]
    jobs[work, "crowded"] = [on_core(0, step), on_core(1, step)]
    for link in links:
        if link != "TCP":
            jobs[work, link] = [links[link] + step]
for link, launch in links.items():
    for millions in [0.00001, 1, 10]:
        if (link, millions) != ("100 Mbit/s", 10):
            jobs[link, millions] = [launch + script("exchange.lbk", "--millions", millions, "--count", 200 if millions < 1 else 5)]
times = {job: [] for job in jobs}
for _ in range(options.rounds):
    for job, commands in jobs.items():
        times[job].append(max(found["s"] for found in results(*commands)))
        print(job, f"{times[job][-1]:.5f}", flush=True)
best = {job: min(found) for job, found in times.items()}
nets = {}
for work in options.works:
    net, each = work.split(":")
    layers = results(on_core(0, script("layers.lbk", "--net", net, "--each", each)))[0]["layers"]
    nets[work] = {"layers": layers, "alone": best[work, "alone"], "crowded": best[work, "crowded"],
                  "two ranks": {link: best[work, link] for link in links if link != "TCP"}}
found = {"nets": nets, "links": {link: {str(m): best[link, m] for m in [0.00001, 1, 10] if (link, m) in best} for link in links}}
text = json.dumps(found, indent=1)
# Each layer in a line.
text = re.sub(r"\[([^][{}]+)\]", lambda row: "[" + " ".join(row[1].split()) + "]", text)
options.output.write_text(text + "\n")
