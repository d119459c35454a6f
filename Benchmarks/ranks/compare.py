"""Training steps on one rank, on two, and on one process of two threads, beside PyTorch's DistributedDataParallel, in turn.

    python compare.py LIMBECK [--rounds 3] [--count 8] [--torchrun TORCHRUN] [NET ...]

NET: small | resnet18 | vgg-m | exchange. Each contestant runs COUNT steps once a round; the least of its medians counts, as
other work on the machine only adds to it. "2 at once" are two processes that know nothing of each other, each on a core: what
two ranks could reach at best.
"""
import argparse
import json
import os
import pathlib
import subprocess

here = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("limbeck", type=pathlib.Path)
parser.add_argument("nets", nargs="*", default=["small", "resnet18", "vgg-m", "exchange"])
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--count", type=int, default=8)
parser.add_argument("--torchrun")
options = parser.parse_args()
limbeck = str(options.limbeck.resolve())
environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def seconds(*commands):
    """The seconds of commands that run at the same time, of the slowest."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment, "cwd": here}
    found = []
    for command, run in [(command, subprocess.Popen(command, **pipes)) for command in commands]:
        output, errors = run.communicate()
        lines = [line for line in output.splitlines() if line.startswith("{")]
        if run.returncode or not lines:
            raise SystemExit(f"{' '.join(command)}\n{output}{errors}")
        found.append(json.loads(lines[-1])["s"])
    return max(found)


for net in options.nets:
    each = {"small": 128, "resnet18": 32, "vgg-m": 64, "exchange": 25}[net]
    own = [limbeck, "run", "--no-record", str(here / ("exchange.lbk" if net == "exchange" else "step.lbk"))]
    own += ["--millions", str(each)] if net == "exchange" else ["--net", net, "--each", str(each)]
    own += ["--count", str(options.count)]
    pair = ["mpirun", "-n", "2", "--bind-to", "core"]
    contestants = {"2 ranks": [pair + own]}
    if net != "exchange":
        contestants["1 rank"] = [["taskset", "-c", "0", *own]]
        contestants["2 at once"] = [["taskset", "-c", core, *own] for core in "01"]
        contestants["2 threads"] = [own + ["--whole", str(2 * each)]]
    if options.torchrun:
        peer = str(here.parent / "peers" / "ddp_step.py")
        contestants["DDP"] = [[options.torchrun, "--nproc-per-node", "2", peer, net, str(each), str(options.count)]]
    times = {name: [] for name in contestants}
    for _ in range(options.rounds):
        for name, commands in contestants.items():
            times[name].append(seconds(*commands))
    best = {name: min(found) for name, found in times.items()}
    text = ", ".join(f"{name} {found * 1000:.1f} ms" for name, found in best.items())
    if "1 rank" in best:
        text += f"; {2 * best['1 rank'] / best['2 ranks']:.2f} times the images a second of 1 rank ({2 * best['1 rank'] / best['2 at once']:.2f} at best), "
        text += f"{best['2 threads'] / best['2 ranks']:.2f} of 2 threads'"
    if "DDP" in best:
        text += f"; {best['DDP'] / best['2 ranks']:.2f} times DDP's"
    print(f"{net}: {text}", flush=True)
