"""Time from the call of start_kernel to the first reply, and for 10,000 printed lines to reach a client, of Limbeck's kernel
and of ipykernel, in turn. Prints the median of the seconds of each and their ratio.

    python kernel_start.py LIMBECK [--rounds 9]

Needs jupyter_client and ipykernel in this Python.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from jupyter_client.manager import KernelManager

parser = argparse.ArgumentParser()
parser.add_argument("limbeck", type=pathlib.Path)
parser.add_argument("--rounds", type=int, default=9)
options = parser.parse_args()
data = tempfile.TemporaryDirectory()
os.environ["JUPYTER_DATA_DIR"] = data.name
subprocess.run([options.limbeck.resolve(), "kernel", "install"], check=True, stdout=subprocess.DEVNULL)
lines = {"limbeck": "for i in 0..10000 { print i }", "python3": "for i in range(10000): print(i)"}


def measure(name):
    """The seconds to the first reply, and those until the last line has come."""
    began = time.perf_counter()
    kernel = KernelManager(kernel_name=name)
    kernel.start_kernel(stderr=subprocess.DEVNULL)
    client = kernel.client()
    client.start_channels()
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    start = time.perf_counter() - began
    client.wait_for_ready(timeout=60)
    began = time.perf_counter()
    text = []

    def keep(message):
        text.append(message["content"].get("text", ""))

    client.execute_interactive(lines[name], output_hook=keep, timeout=60)
    printed = time.perf_counter() - began
    assert len("".join(text).split()) == 10000
    client.stop_channels()
    kernel.shutdown_kernel(now=True)
    return start, printed


found = {name: [] for name in lines}
for _ in range(options.rounds):
    for name in lines:
        found[name].append(measure(name))
for place, what in enumerate(["first reply", "10,000 lines"]):
    own, peer = (statistics.median(times[place] for times in found[name]) for name in lines)
    print(f"{what}: Limbeck {own:.3f} s, ipykernel {peer:.3f} s, ratio {peer / own:.1f}")
