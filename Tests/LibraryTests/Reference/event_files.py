"""Reads the event files of a resumed run with the three readers of PyPI's tensorboard, which must agree.

    python event_files.py LIMBECK

A training is recorded, killed, its last records cut short, and resumed twice. What each reader finds must be what
metrics.jsonl has.
"""
import json
import logging
import pathlib
import subprocess
import sys
import tempfile

import grpc
from tensorboard.backend.event_processing import data_provider, event_accumulator, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.data import grpc_provider, server_ingester
from tensorboard.context import RequestContext
from tensorboard.util import tensor_util

SCRIPT = """
let from = option("from", 0, "steps done before")
let to = option("to", 30, "steps to do")
let other = metrics("other")
if from == 0 {
  for i in 0..50 { other.record({loss: 1 / (i + 1)}) }
  other.record_epoch({val_accuracy: 0.5})
}
let m = metrics("train")
# The resumed run begins with the row of an epoch, that of its last step. It has the numbers that the row had
# before: the server drops a point only when its tag comes again, whatever SessionLog says.
if from > 0 { m.record_epoch({epoch: from / 10 - 1, loss: 100 + from, accuracy: 0.25}, step: from) }
for i in from..to {
  m.record({loss: i + from / 1000, lr: 0.5}, step: i + 1)
  if i % 10 == 9 { m.record_epoch({epoch: (i + 1) / 10 - 1, loss: i, accuracy: if i > 20 { nan } else { 0.5 }}) }
}
let y = metrics("late")
y.record({loss: 1})
if from == 0 {
  show(line([1, 2]))
  show(line([2, 1]))
  quit(3)
}
show(line([3, 1]))
"""


def expected(folder):
    found = {}
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        row = json.loads(line)
        kind = "epoch" if "epoch" in row else "step"
        for name, value in row.items():
            if name not in ("label", "step", "epoch", "time"):
                series = found.setdefault((row["label"], f"{kind}/{name}"), {})
                assert row["step"] not in series, f"{row} is there twice"
                series[row["step"]] = value
    return {key: sorted(series.items()) for key, series in found.items()}


def from_accumulator(folder):
    found = {}
    for label in (folder / "events").iterdir():
        events = event_accumulator.EventAccumulator(str(label), size_guidance={"scalars": 0, "images": 0})
        events.Reload()
        for tag in events.Tags()["scalars"]:
            found[label.name, tag] = [(e.step, e.value) for e in events.Scalars(tag)]
        for tag in events.Tags()["images"]:
            found[label.name, tag] = [(e.step, (e.width, e.height)) for e in events.Images(tag)]
        first = [e for path in label.iterdir() for e in EventFileLoader(str(path)).Load()][:2]
        assert first[0].file_version == "brain.Event:2" and first[1].session_log.status == 1, first
    return found


def from_provider(provider):
    context, found = RequestContext(), {}
    scalars = provider.read_scalars(context, experiment_id="", plugin_name="scalars", downsample=10000)
    for run, tags in scalars.items():
        for tag, points in tags.items():
            found[pathlib.Path(run).name, tag] = [(p.step, p.value) for p in points]
    images = provider.read_blob_sequences(context, experiment_id="", plugin_name="images", downsample=10000)
    for run, tags in images.items():
        for tag, points in tags.items():
            found[pathlib.Path(run).name, tag] = [(p.step, None) for p in points]
    return found


def from_plugins(folder):
    multiplexer = plugin_event_multiplexer.EventMultiplexer(
        tensor_size_guidance={"scalars": 0, "images": 0}, size_guidance={"tensors": 0})
    multiplexer.AddRunsFromDirectory(str(folder))
    multiplexer.Reload()
    return from_provider(data_provider.MultiplexerDataProvider(multiplexer, str(folder)))


def from_server(folder):
    ingester = server_ingester.SubprocessServerDataIngester(
        server_binary=server_ingester.get_server_binary(), logdir=str(folder), reload_interval=0,
        channel_creds_type=grpc_provider_credentials(), samples_per_plugin={"scalars": 10000, "images": 10000})
    ingester.start()
    return from_provider(ingester.data_provider)


def grpc_provider_credentials():
    from tensorboard.util import grpc_util
    return grpc_util.ChannelCredsType.LOCAL


def same(a, b):
    return a == b or a is None or b is None or (a != a) or abs(a - b) <= 1e-6 * abs(a)


def compare(name, found, wanted):
    scalars = {key: points for key, points in found.items() if key[0] != "pictures"}
    assert scalars.keys() == wanted.keys(), f"{name}: {scalars.keys() ^ wanted.keys()}"
    for key, points in wanted.items():
        steps = [step for step, _ in scalars[key]]
        assert steps == [step for step, _ in points], f"{name}: {key}: {steps}"
        for (step, a), (_, b) in zip(scalars[key], points):
            assert same(b, a), f"{name}: {key} at {step}: {a}, {b}"
    pictures = [step for step, _ in found["pictures", "picture"]]
    print(f"{name}: {sum(len(points) for points in scalars.values())} numbers, pictures {pictures}")
    return pictures


def main():
    logging.getLogger("tensorboard").setLevel(logging.ERROR)
    limbeck = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as work:
        def run(*words):
            return subprocess.run([limbeck, "run", *words], cwd=work, capture_output=True, text=True)

        (pathlib.Path(work) / "a.lbk").write_text(SCRIPT)
        result = run("a.lbk")
        assert result.returncode == 3, result.stderr
        [folder] = (pathlib.Path(work) / "runs").iterdir()
        for turn, (start, end) in enumerate([(20, 25), (20, 60)]):
            # As if the process had been killed while it wrote.
            for path in [folder / "metrics.jsonl", *folder.glob("events/*/*tfevents*")]:
                path.write_bytes(path.read_bytes()[:-5] if turn == 0 and path.parent.name == "train"
                                 else path.read_bytes() + b"{\"la")
            result = run("--resume", folder.name, "a.lbk", "--from", str(start), "--to", str(end))
            assert result.returncode == 0, result.stderr
            wanted = expected(folder)
            readers = [("EventAccumulator", from_accumulator), ("plugins", from_plugins), ("server", from_server)]
            assert {tuple(compare(name, read(folder), wanted)) for name, read in readers} == {(1,)}


main()
